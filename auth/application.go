package auth

import (
	"crypto"
	"crypto/x509"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// ClientSecret returns a credential for an application that proves itself with a
// client secret. It is an [azidentity.ClientSecretCredential].
//
// The permissions that count are application permissions. Nobody is prompted.
//
// The tenant is named by its id or by one of its domain names, the application
// by its application (client) id. The secret is the value that was shown once
// when the secret was made, not its id.
//
// When a token is refused:
//   - AADSTS7000215: the secret is wrong, often its id instead of its value.
//   - AADSTS7000222: the secret has expired.
//   - AADSTS700016: the tenant does not have the application, or it is in another cloud.
//   - AADSTS90002: there is no such tenant in the cloud.
func ClientSecret(c cloud.Cloud, tenantID, clientID, secret string) (azcore.TokenCredential, error) {
	return entra{}.clientSecret(c, tenantID, clientID, secret)
}

func (e entra) clientSecret(c cloud.Cloud, tenantID, clientID, secret string) (azcore.TokenCredential, error) {
	const op = "auth.ClientSecret"
	err := refusal(op, checkCloud(c), checkTenant(tenantID), checkClient(clientID), checkSecret(secret))
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewClientSecretCredential(tenantID, clientID, secret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: e.options(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// ClientCertificate returns a credential for an application that proves itself
// with a certificate. It is an [azidentity.ClientCertificateCredential].
//
// The permissions that count are application permissions. Nobody is prompted.
//
// One of certs must belong to key, and must not have expired; others are allowed
// and not sent. The key must be an RSA key that is in memory, a *rsa.PrivateKey.
// [ClientCertificateFile] reads both from a file;
// [azidentity.ParseCertificates] reads both from bytes.
//
// An application that trusts the subject and issuer of certificates, not single
// certificates, needs azidentity itself with SendCertificateChain.
//
// When a token is refused:
//   - AADSTS700027: the application does not have this certificate.
//   - AADSTS700016: the tenant does not have the application, or it is in another cloud.
//   - AADSTS90002: there is no such tenant in the cloud.
func ClientCertificate(
	c cloud.Cloud, tenantID, clientID string, certs []*x509.Certificate, key crypto.PrivateKey,
) (azcore.TokenCredential, error) {
	return entra{}.clientCertificate("auth.ClientCertificate", c, tenantID, clientID, keyPair{certs, key, nil})
}

// ClientCertificateFile is [ClientCertificate] with certificate and key from one
// file. The file is read once, by this call.
//
// The file is PEM or PFX (PKCS #12). The password is for PFX, and empty if there
// is none. Two kinds of files cannot be read: PEM with an encrypted key, and PFX
// with the newer encryption that OpenSSL 3 chooses by itself; write that with
// openssl pkcs12 -export -legacy, or as PEM.
func ClientCertificateFile(c cloud.Cloud, tenantID, clientID, path, password string) (azcore.TokenCredential, error) {
	return entra{}.clientCertificate("auth.ClientCertificateFile", c, tenantID, clientID, readKeyPair(path, password))
}

func (e entra) clientCertificate(op string, c cloud.Cloud, tenantID, clientID string, pair keyPair) (azcore.TokenCredential, error) {
	err := refusal(op, checkCloud(c), checkTenant(tenantID), checkClient(clientID), pair.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewClientCertificateCredential(tenantID, clientID, pair.certs, pair.key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: e.options(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// keyPair is a key and the certificates that came with it, or why there are none.
type keyPair struct {
	certs []*x509.Certificate
	key   crypto.PrivateKey
	err   error
}

func readKeyPair(path, password string) keyPair {
	if path == "" {
		return keyPair{err: invalid("path", "", mustNotBeEmpty)}
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return keyPair{err: invalid("path", path, "must be a file that can be read: "+err.Error())}
	}
	certs, key, err := azidentity.ParseCertificates(file, []byte(password))
	if err != nil {
		return keyPair{err: invalid("path", path, "must be PEM or PFX with a certificate and its key: "+err.Error())}
	}
	return keyPair{certs, key, nil}
}
