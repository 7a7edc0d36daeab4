package auth

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

// ClientSecret returns a credential for an app that authenticates with a client secret. It is an
// [azidentity.ClientSecretCredential].
//
// Permissions are application permissions, and no user is prompted. The tenantID is the ID of the tenant or
// one of its domain names, and clientID is the application (client) ID. The secret is the value that was
// shown when the secret was created, not its ID.
//
// When a token request is rejected:
//   - AADSTS7000215: the secret is wrong; often it is the ID instead of the value.
//   - AADSTS7000222: the secret has expired.
//   - AADSTS700016: the tenant does not have the app, or the app is in another cloud.
//   - AADSTS90002: the cloud does not have the tenant.
func ClientSecret(c cloud.Cloud, tenantID, clientID, secret string, opts *Options) (azcore.TokenCredential, error) {
	const op = "auth.ClientSecret"
	err := refusal(op, checkCloud(c), checkTenant(tenantID), checkClient(clientID), checkSecret(secret), opts.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewClientSecretCredential(tenantID, clientID, secret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: opts.ofEntra(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// ClientCertificate returns a credential for an app that authenticates with a certificate. It is an
// [azidentity.ClientCertificateCredential]. To read the certificate from a file, use
// [ClientCertificateFile]; to read it from bytes, use [azidentity.ParseCertificates].
//
// Permissions are application permissions. No user is prompted. One of certs must belong to key and must
// not have expired; the others are not sent. The key must be a *rsa.PrivateKey.
//
// An app that trusts a subject and issuer instead of single certificates needs azidentity itself with
// SendCertificateChain.
//
// When a token request is rejected:
//   - AADSTS700027: the app does not have this certificate.
//   - AADSTS700016: the tenant does not have the app, or the app is in another cloud.
//   - AADSTS90002: the cloud does not have the tenant.
func ClientCertificate(
	c cloud.Cloud, tenantID, clientID string, certs []*x509.Certificate, key crypto.PrivateKey, opts *Options,
) (azcore.TokenCredential, error) {
	return clientCertificate("auth.ClientCertificate", c, tenantID, clientID, keyPair{certs, key, nil}, opts)
}

// ClientCertificateFile is [ClientCertificate] with certificate and key from a file. The file is read
// once, by this call.
//
// The file is PEM or PFX (PKCS #12). password is for PFX and can be empty. PEM with an encrypted key is
// not supported. Neither is PFX with the default encryption of OpenSSL 3; create the file with openssl
// pkcs12 -export -legacy, or as PEM.
func ClientCertificateFile(
	c cloud.Cloud, tenantID, clientID, path, password string, opts *Options,
) (azcore.TokenCredential, error) {
	return clientCertificate("auth.ClientCertificateFile", c, tenantID, clientID, readKeyPair(path, password), opts)
}

func clientCertificate(
	op string, c cloud.Cloud, tenantID, clientID string, pair keyPair, opts *Options,
) (azcore.TokenCredential, error) {
	err := refusal(op, checkCloud(c), checkTenant(tenantID), checkClient(clientID), pair.check(), opts.check())
	if err != nil {
		return nil, err
	}
	cred, err := azidentity.NewClientCertificateCredential(tenantID, clientID, pair.certs, pair.key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: opts.ofEntra(c)})
	if err != nil {
		return nil, failure(op, err)
	}
	return cred, nil
}

// keyPair is a key and its certificates, or the error of reading them.
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
		return keyPair{err: invalid("path", describedPath(path), "must be a file that can be read, but "+reason(err))}
	}
	certs, key, err := azidentity.ParseCertificates(file, []byte(password))
	if err != nil {
		return keyPair{err: invalid("path", path,
			"must be a PEM or PFX file with a certificate and its key, but "+err.Error())}
	}
	return keyPair{certs, key, nil}
}

// describedPath hides a value that may be a key or a password. What is surely a path has the extension of a
// certificate, or is in a directory that exists.
func describedPath(path string) string {
	const longest = 260
	unprintable := strings.ContainsFunc(path,
		func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
	isNamed := slices.Contains([]string{".pem", ".pfx", ".p12", ".crt", ".cer", ".key"},
		strings.ToLower(filepath.Ext(path)))
	if unprintable || len(path) > longest || strings.Contains(path, "-----") || !isNamed && !isInDirectory(path) {
		return fmt.Sprintf("a string of %d characters that does not look like a path", len([]rune(path)))
	}
	return path
}

// isInDirectory reports whether a path names a directory that exists. Base64 can begin with the root.
func isInDirectory(path string) bool {
	parent := filepath.Dir(path)
	info, err := os.Stat(parent)
	return err == nil && info.IsDir() && filepath.Dir(parent) != parent
}

// reason is an error of package os without the path.
func reason(err error) string {
	if failed, ok := errors.AsType[*os.PathError](err); ok {
		return failed.Err.Error()
	}
	return err.Error()
}
