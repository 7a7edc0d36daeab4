package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// pfxFile was made for these tests by openssl pkcs12 -export -legacy. Its key is
// of no use elsewhere, its certificate lasts 100 years, its password is secret.
const pfxFile = "testdata/app.pfx"

// newKeyPair makes a key and a certificate of its own that ends at the time end.
func newKeyPair(t *testing.T, end time.Time) keyPair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-24 * time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return keyPair{[]*x509.Certificate{cert}, key, nil}
}

func pemOf(t *testing.T, pair keyPair) string {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(pair.key)
	require.NoError(t, err)
	return pemBlock("PRIVATE KEY", key) + pemBlock("CERTIFICATE", pair.certs[0].Raw)
}

func pemBlock(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestACertificateMustBelongToTheKeyAndBeValid(t *testing.T) {
	t.Parallel()
	good, other := newKeyPair(t, time.Now().Add(time.Hour)), newKeyPair(t, time.Now().Add(time.Hour))
	ended := newKeyPair(t, time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC))
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	tests := []struct {
		name    string
		pair    keyPair
		problem string
	}{
		{"a pair", good, ""},
		{"a pair among others", keyPair{[]*x509.Certificate{other.certs[0], nil, good.certs[0]}, good.key, nil}, ""},
		{"no certificates", keyPair{nil, good.key, nil}, "certs must contain the certificate of the key (got 0 certificates)"},
		{
			"only other certificates", keyPair{other.certs, good.key, nil},
			"certs must contain the certificate of the key (got 1 certificate)",
		},
		{"an expired certificate", ended, "certs must not have expired (got a certificate that expired 2020-01-02T03:04:05Z)"},
		{"no key", keyPair{good.certs, nil, nil}, "key must be a *rsa.PrivateKey (got <nil>)"},
		{"a nil key", keyPair{good.certs, (*rsa.PrivateKey)(nil), nil}, "key must be a *rsa.PrivateKey"},
		{"a key of another kind", keyPair{good.certs, elliptical, nil}, "key must be a *rsa.PrivateKey (got *ecdsa.PrivateKey)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cred, err := ClientCertificate(cloud.Public, tenant, client, tt.pair.certs, tt.pair.key, nil)
			if tt.problem == "" {
				require.NoError(t, err)
				require.NotNil(t, cred)
				return
			}
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, "auth.ClientCertificate: "+tt.problem)
			require.Nil(t, cred)
		})
	}
}

func TestACertificateFileIsPEMOrPFX(t *testing.T) {
	t.Parallel()
	text := pemOf(t, newKeyPair(t, time.Now().Add(time.Hour)))
	cred, err := ClientCertificateFile(cloud.Public, tenant, client, writeFile(t, "app.pem", text), "", nil)
	require.NoError(t, err)
	require.NotNil(t, cred)

	cred, err = ClientCertificateFile(cloud.Public, tenant, client, pfxFile, secret, nil)
	require.NoError(t, err)
	require.NotNil(t, cred)
}

func TestTheTextOfAKeyInPlaceOfItsPathIsNotRepeated(t *testing.T) {
	t.Parallel()
	text := pemOf(t, newKeyPair(t, time.Now().Add(time.Hour)))
	for name, path := range map[string]string{
		"PEM": text, "one line of PEM": strings.Split(text, "\n")[1], "PEM on one line": strings.ReplaceAll(text, "\n", " "),
		"PFX": "0\x82\x09\x00\x02\x01", "long": strings.Repeat("s3cret/", 200),
	} {
		_, err := ClientCertificateFile(cloud.Public, tenant, client, path, "", nil)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorContains(t, err, "path must be", name)
		for part := range strings.FieldsSeq(path) {
			if len(part) > 8 {
				require.NotContains(t, err.Error(), part, name)
			}
		}
		require.Less(t, len(err.Error()), 200, name)
	}
}

func TestAPasswordInPlaceOfThePathIsNotRepeated(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "certificate")
	for path, isShown := range map[string]bool{
		secret: false, "s3cr3t": false, "pass/s3cr3t+word": false, `s3cr3t\word`: false, "s3cr3t.word": false, "/s3cr3t+word": false,
		"app.pem": true, "APP.PFX": true, "missing/app.p12": true, missing: true,
	} {
		_, err := ClientCertificateFile(cloud.Public, tenant, client, path, "app.pfx", nil)
		require.ErrorIs(t, err, apierr.ErrInvalid, path)
		require.ErrorContains(t, err, "path must be a file that can be read")
		require.Equal(t, isShown, strings.Contains(err.Error(), path), "%v", err)
	}
}

func TestACertificateFileThatCannotBeUsedIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	certificate := pemBlock("CERTIFICATE", newKeyPair(t, time.Now().Add(time.Hour)).certs[0].Raw)
	tests := []struct{ name, path, problem string }{
		{"no path", "", "path must not be empty"},
		{"no file", "absent.pem", "path must be a file that can be read"},
		{"another text", writeFile(t, "notes.pem", "hello"), "path must be a PEM or PFX file with a certificate and its key"},
		{"no key", writeFile(t, "cert.pem", certificate), "path must be a PEM or PFX file"},
		{"another password", pfxFile, "password incorrect"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cred, err := ClientCertificateFile(cloud.Public, tenant, client, tt.path, secret+"!", nil)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, "auth.ClientCertificateFile: ")
			require.ErrorContains(t, err, tt.problem)
			require.ErrorContains(t, err, tt.path)
			require.NotContains(t, err.Error(), secret)
			require.Nil(t, cred)
		})
	}
}
