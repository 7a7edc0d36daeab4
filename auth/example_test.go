package auth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	tenantID = "contoso.onmicrosoft.com"
	clientID = "6f4b2f0a-31c5-4a53-9f5c-0c8a4f1d2e3b" // the program's own registration
)

func ExampleClientSecret() {
	cred, err := auth.ClientSecret(cloud.Public, tenantID, clientID, os.Getenv("ROLLOUT_SECRET"), nil)
	if errors.Is(err, apierr.ErrInvalid) {
		fmt.Println(err)
		return
	}
	_ = cred // updates.NewClient(cred, nil)
	// Output: auth.ClientSecret: secret must not be empty
}

func ExampleClientCertificate() {
	certs, key := certificateFromVault()
	cred, err := auth.ClientCertificate(cloud.USGovernment, tenantID, clientID, certs, key, nil)
	fmt.Printf("%T %v\n", cred, err)
	// Output: *azidentity.ClientCertificateCredential <nil>
}

func ExampleClientCertificateFile() {
	cred, err := auth.ClientCertificateFile(cloud.Public, tenantID, clientID, "/etc/rollout/app.pem", "", nil)
	if err != nil {
		log.Fatal(err)
	}
	_ = cred // updates.NewClient(cred, nil)
}

func ExampleManagedIdentity() {
	cred, err := auth.ManagedIdentity("", nil) // the identity that belongs to the machine
	fmt.Printf("%T %v\n", cred, err)
	// Output: *azidentity.ManagedIdentityCredential <nil>
}

func ExampleWorkloadIdentity() {
	// In a pod all three can be empty: the webhook has set the environment.
	cred, err := auth.WorkloadIdentity(cloud.Public, tenantID, clientID, "/var/run/secrets/azure/tokens/azure-identity-token", nil)
	fmt.Printf("%T %v\n", cred, err)
	// Output: *azidentity.WorkloadIdentityCredential <nil>
}

func ExampleDefault() {
	cred, err := auth.Default(cloud.Public, nil)
	fmt.Printf("%T %v\n", cred, err)
	// Output: *azidentity.DefaultAzureCredential <nil>
}

func ExampleDeviceCode() {
	cred, err := auth.DeviceCode(cloud.Public, tenantID, clientID, func(_ context.Context, p auth.DeviceCodePrompt) error {
		_, err := fmt.Fprintln(os.Stderr, p.Message)
		return err
	}, nil)
	if err != nil {
		log.Fatal(err)
	}

	// Sign in now, and not within the deadline of the first call.
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	_, err = cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}, EnableCAE: true})
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleInteractiveBrowser() {
	_, err := auth.InteractiveBrowser(cloud.Public, tenantID, "", "", nil)
	fmt.Println(err)
	// Output: auth.InteractiveBrowser: clientID must be the application (client) ID of your own app registration, because Microsoft first-party apps cannot have the WindowsUpdates permissions
}

func ExampleStaticToken() {
	cred, err := auth.StaticToken("a token from elsewhere", time.Now().Add(time.Hour))
	fmt.Println(cred, err)

	cred, err = auth.StaticToken("eyJ0eXAi.eyJhdWQi.c2ln", time.Now().Add(time.Hour))
	if err != nil {
		log.Fatal(err)
	}
	token, err := cred.GetToken(context.Background(), policy.TokenRequestOptions{})
	fmt.Println(token.Token, err)
	// Output:
	// <nil> auth.StaticToken: token must be the token alone, without Bearer, white space, or line breaks
	// eyJ0eXAi.eyJhdWQi.c2ln <nil>
}

// certificateFromVault stands for wherever a program keeps its certificate.
func certificateFromVault() ([]*x509.Certificate, *rsa.PrivateKey) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	return []*x509.Certificate{cert}, key
}

// One proxy and one certificate authority serve sign-in and service.
func ExampleOptions() {
	// region transport
	roots, err := x509.SystemCertPool()
	if err != nil {
		log.Fatal(err)
	}
	if authority, err := os.ReadFile("/etc/ssl/proxy-ca.pem"); err == nil {
		roots.AppendCertsFromPEM(authority)
	}
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example:8080"}),
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2: true,
	}
	certs, key := certificateFromVault()
	cred, err := auth.ClientCertificate(cloud.Public, tenantID, clientID, certs, key, &auth.Options{Transport: transport})
	if err != nil {
		log.Fatal(err)
	}
	client, err := updates.NewClient(cred, &updates.Options{Transport: transport})
	// endregion
	fmt.Println(client != nil, err)
	// Output: true <nil>
}
