package cloud_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

func TestEachCloudHasItsOwnAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cloud                            cloud.Cloud
		name, endpoint, authority, scope string
	}{
		{
			cloud.Public, "Public",
			"https://graph.microsoft.com", "https://login.microsoftonline.com",
			"https://graph.microsoft.com/.default",
		},
		{
			cloud.USGovernment, "USGovernment",
			"https://graph.microsoft.us", "https://login.microsoftonline.us",
			"https://graph.microsoft.us/.default",
		},
		{
			cloud.USGovernmentDoD, "USGovernmentDoD",
			"https://dod-graph.microsoft.us", "https://login.microsoftonline.us",
			"https://dod-graph.microsoft.us/.default",
		},
		{
			cloud.China, "China",
			"https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn",
			"https://microsoftgraph.chinacloudapi.cn/.default",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, tt.cloud.Validate())
			require.Equal(t, tt.name, tt.cloud.String())
			require.Equal(t, tt.endpoint, tt.cloud.Endpoint)
			require.Equal(t, tt.authority, tt.cloud.Authority)
			require.Equal(t, tt.scope, tt.cloud.Scope())
		})
	}
}

func TestACloudWithoutANameIsShownByItsEndpoint(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://graph.example", cloud.Cloud{Endpoint: "https://graph.example"}.String())
}

func TestTheZeroCloudIsRejectedAndTheErrorNamesTheClouds(t *testing.T) {
	t.Parallel()
	require.EqualError(t, cloud.Cloud{}.Validate(),
		"the zero Cloud is invalid; use Public, USGovernment, USGovernmentDoD, or China")
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	err := cloud.Cloud{Name: "Private", Endpoint: "http://graph.example"}.Validate()
	require.ErrorContains(t, err,
		`Endpoint must be https and a host alone, such as https://graph.microsoft.com (got "http://graph.example")`)
	require.ErrorContains(t, err, "Authority must not be empty")
}

func TestOnlyAnOriginWithHTTPSIsAnAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, address string
		valid         bool
	}{
		{"a host", "https://graph.example", true},
		{"a host and a port", "https://graph.example:8443", true},
		{"an IPv6 address", "https://[::1]:8443", true},
		{"no encryption", "http://graph.example", false},
		{"no scheme", "graph.example", false},
		{"no host", "https://", false},
		{"only a port", "https://:443", false},
		{"a slash at the end", "https://graph.example/", false},
		{"a version", "https://graph.example/beta", false},
		{"a query", "https://graph.example?x=1", false},
		{"an empty query", "https://graph.example?", false},
		{"a fragment", "https://graph.example#x", false},
		{"white space", " https://graph.example", false},
		{"a line break", "https://graph.example\r\nX: y", false},
		{"a user", "https://graph.example@elsewhere.example", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			endpoint := cloud.Cloud{Endpoint: tt.address, Authority: cloud.Public.Authority}.Validate()
			authority := cloud.Cloud{Endpoint: cloud.Public.Endpoint, Authority: tt.address}.Validate()
			if tt.valid {
				require.NoError(t, endpoint)
				require.NoError(t, authority)
				return
			}
			require.ErrorContains(t, endpoint, "Endpoint must be https")
			require.ErrorContains(t, authority, "Authority must be https")
		})
	}
}

func TestAPasswordInAnAddressIsNotRepeated(t *testing.T) {
	t.Parallel()
	err := cloud.Cloud{Endpoint: "https://ann:hunter2@graph.example", Authority: cloud.Public.Authority}.Validate()
	require.ErrorContains(t, err, "(got a URL with a user name)")
	require.NotContains(t, err.Error(), "hunter2")
}
