package claims_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/claims"
)

// token makes an access token with the payload and a made-up signature.
func token(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return strings.Join([]string{encode([]byte(`{"alg":"RS256"}`)), encode([]byte(payload)), "signature"}, ".")
}

const userToken = `{
	"aud": "https://graph.microsoft.com", "exp": 1798761600, "idtyp": "user",
	"appid": "aaaaaaaa-0000-0000-0000-000000000001", "app_displayname": "Rollout",
	"tid": "bbbbbbbb-0000-0000-0000-000000000002", "oid": "cccccccc-0000-0000-0000-000000000003",
	"scp": "User.Read  WindowsUpdates.ReadWrite.All", "wids": ["3a2c62db-5318-420d-8d74-23affee5d9d5"],
	"upn": "ann@contoso.example", "xms_st": {"sub": "x"}, "amr": ["pwd", "mfa"]
}`

func TestTheTokenOfAUserIsRead(t *testing.T) {
	t.Parallel()
	c, err := claims.Parse(token(userToken))
	require.NoError(t, err)
	require.Equal(t, claims.Claims{
		ClientID:       "aaaaaaaa-0000-0000-0000-000000000001",
		ClientName:     "Rollout",
		TenantID:       "bbbbbbbb-0000-0000-0000-000000000002",
		ObjectID:       "cccccccc-0000-0000-0000-000000000003",
		Audience:       "https://graph.microsoft.com",
		IdentityType:   "user",
		Scopes:         []string{"User.Read", "WindowsUpdates.ReadWrite.All"},
		DirectoryRoles: []string{claims.IntuneAdministrator},
		Expires:        time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	}, c)
	require.False(t, c.IsApplication())
}

func TestTheTokenOfAnApplicationIsReadInVersionTwo(t *testing.T) {
	t.Parallel()
	c, err := claims.Parse(token(`{"aud":["api","other"],"azp":"client","oid":"o","roles":"WindowsUpdates.Read.All","exp":1.5e9}`))
	require.NoError(t, err)
	require.Equal(t, claims.Claims{
		ClientID: "client",
		ObjectID: "o",
		Audience: "api",
		Roles:    []string{"WindowsUpdates.Read.All"},
		Expires:  time.Unix(1_500_000_000, 0).UTC(),
	}, c)
	require.True(t, c.IsApplication())
}

func TestATokenIsOfAnApplicationIfItSaysSoOrHasNoScopes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		claims claims.Claims
		want   bool
	}{
		{"it says app", claims.Claims{IdentityType: "app"}, true},
		{"it says app, with scopes", claims.Claims{IdentityType: "app", Scopes: []string{"User.Read"}}, true},
		{"it says user, without scopes", claims.Claims{IdentityType: "user"}, false},
		{"it says something newer", claims.Claims{IdentityType: "device"}, false},
		{"it has scopes", claims.Claims{Scopes: []string{"User.Read"}, Roles: []string{"Approver"}}, false},
		{"it has roles only", claims.Claims{Roles: []string{"Device.Read.All"}}, true},
		{"it has neither", claims.Claims{ClientID: "client"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, tt.claims.IsApplication())
		})
	}
}

func TestWhatIsNoReadableTokenIsAnErrorThatQuotesNothing(t *testing.T) {
	t.Parallel()
	raw := func(middle string) string { return "sEcReT." + middle + ".sEcReT" }
	tests := []struct{ name, token, problem string }{
		{"nothing", "", "the token is empty"},
		{"an opaque token", "EwBsEcReT", "it does not have the three parts"},
		{"an encrypted token", "sEcReT.a.b.c.d", "it does not have the three parts"},
		{"a token that is too long", strings.Repeat("sEcReT.", 1<<14), "longer than 64 KiB"},
		{"no base64", raw("sEcReT!"), "not base64url"},
		{"base64 of the other alphabet", raw("sEcReT+/"), "not base64url"},
		{"no JSON", token("sEcReT"), "does not have the claims"},
		{"JSON that breaks off", token(`{"appid":"sEcReT`), "does not have the claims"},
		{"more than one value", token(`{"appid":"sEcReT"}{}`), "does not have the claims"},
		{"a list", token(`["sEcReT"]`), "does not have the claims"},
		{"null", token(`null`), "does not have the claims"},
		{"an object without a known claim", token(`{"hello":"sEcReT"}`), "does not have the claims"},
		{"an application that is a number", token(`{"aud":"sEcReT","appid":12345}`), "does not have the claims"},
		{"roles that are objects", token(`{"aud":"sEcReT","roles":[{}]}`), "does not have the claims"},
		{"depth without end", token(`{"aud":"sEcReT","x":` + strings.Repeat("[", 20_000)), "does not have the claims"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := claims.Parse(tt.token)
			require.ErrorContains(t, err, tt.problem)
			require.NotContains(t, err.Error(), "sEcReT")
			require.Zero(t, c)
		})
	}
}

func TestATokenMayHave64KiB(t *testing.T) {
	t.Parallel()
	longest := token(`{"oid":"o"}`)
	longest += strings.Repeat("x", 64<<10-len(longest)) // to the signature
	c, err := claims.Parse(longest)
	require.NoError(t, err)
	require.Equal(t, "o", c.ObjectID)
	_, err = claims.Parse(longest + "x")
	require.ErrorContains(t, err, "longer than 64 KiB")
}

func TestADateThatIsNoneIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, exp := range []string{"0", "-1", "1e300", "253402300800", "null"} {
		c, err := claims.Parse(token(`{"aud":"a","exp":` + exp + `}`))
		require.NoError(t, err, exp)
		require.Zero(t, c.Expires, exp)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(token(userToken))
	f.Add(token(`{"aud":["a"],"roles":null,"wids":"x","exp":1e300}`))
	f.Add(token(`{"aud":"a","exp":0.5,"scp":" "}`))
	f.Add("..")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := claims.Parse(text)
		if err != nil {
			require.Zero(t, c)
			require.Less(t, len(err.Error()), 100)
		}
		_, err = json.Marshal(c)
		require.NoError(t, err)
		advice := claims.Advice(text, claims.ReadWriteAll)
		require.NotEmpty(t, advice)
		require.Less(t, len(advice), 2000)
		require.NotContains(t, advice, "\n")
	})
}
