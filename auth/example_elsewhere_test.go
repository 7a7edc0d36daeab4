package auth_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
)

// What package auth leaves to azidentity. A client takes any credential.

func Example_certificateChain() {
	certs, key := certificateFromVault()
	// region chain
	cred, err := azidentity.NewClientCertificateCredential(tenantID, clientID, certs, key,
		&azidentity.ClientCertificateCredentialOptions{SendCertificateChain: true})
	check(err)
	client, err := updates.NewClient(cred, nil)
	// endregion
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

// region assertion

// assertion is what Microsoft Entra expects of an app that has a certificate. The key stays in its device.
func assertion(key crypto.Signer, cert *x509.Certificate) (string, error) {
	encode, thumbprint := base64.RawURLEncoding.EncodeToString, sha256.Sum256(cert.Raw)
	head, headErr := json.Marshal(map[string]any{"alg": "PS256", "typ": "JWT", "x5t#S256": encode(thumbprint[:])})
	body, bodyErr := json.Marshal(map[string]any{
		"aud": cloud.Public.Authority + "/" + tenantID + "/oauth2/v2.0/token", "iss": clientID, "sub": clientID,
		"jti": rand.Text(), "nbf": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	})
	text := encode(head) + "." + encode(body)
	digest := sha256.Sum256([]byte(text))
	options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	signature, err := key.Sign(rand.Reader, digest[:], options)
	return text + "." + encode(signature), errors.Join(headErr, bodyErr, err)
}

// endregion

func Example_keyInHSM() {
	certs, key := certificateFromVault() // any crypto.Signer
	// region hsm
	cred, err := azidentity.NewClientAssertionCredential(tenantID, clientID,
		func(context.Context) (string, error) { return assertion(key, certs[0]) }, nil)
	check(err)
	client, err := updates.NewClient(cred, nil)
	// endregion
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

func TestAnAssertionIsSignedByTheKeyOfItsCertificate(t *testing.T) {
	t.Parallel()
	certs, key := certificateFromVault()
	text, err := assertion(key, certs[0])
	require.NoError(t, err)
	parts := strings.Split(text, ".")
	require.Len(t, parts, 3)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	require.NoError(t, rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], signature, nil))
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	require.Contains(t, string(body), `"aud":"https://login.microsoftonline.com/`+tenantID+`/oauth2/v2.0/token"`)
}

// region github

// gitHubToken asks GitHub for a token of the job, which needs the permission "id-token: write".
func gitHubToken(ctx context.Context) (string, error) {
	address := os.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL") + "&audience=api://AzureADTokenExchange"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var token struct{ Value string }
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		return "", fmt.Errorf("no token from GitHub, status %d: %w", resp.StatusCode, err)
	}
	return token.Value, nil // azidentity rejects an empty one
}

// endregion

func Example_gitHubActions() {
	// region actions
	cred, err := azidentity.NewClientAssertionCredential(tenantID, clientID, gitHubToken, nil)
	check(err)
	client, err := updates.NewClient(cred, nil)
	// endregion
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

func TestATokenOfGitHubIsAskedForItsAudience(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("audience") != "api://AzureADTokenExchange" || r.Header.Get("Authorization") != "Bearer of the job" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`{"count":1,"value":"the token"}`))
	}))
	t.Cleanup(server.Close)
	t.Setenv("ACTIONS_ID_TOKEN_REQUEST_URL", server.URL+"/?api-version=2.0")
	t.Setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of the job")
	token, err := gitHubToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, "the token", token)
	t.Setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of another")
	_, err = gitHubToken(t.Context())
	require.ErrorContains(t, err, "status 403")
}

func ExampleManagedIdentity_proxy() {
	// region imds
	cred, err := auth.ManagedIdentity("", &auth.Options{Transport: &http.Transport{}}) // no proxy
	check(err)
	client, err := updates.NewClient(cred, nil) // through HTTPS_PROXY
	// endregion
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
