package wire

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestAMemberIsTakenWhereThereIsNoValueYet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		has, is, want string
		left          map[string]json.RawMessage
	}{
		"taken":             {`"new"`, "", "new", nil},
		"null":              {`null`, "", "", nil},
		"a value is there":  {`"new"`, "old", "old", map[string]json.RawMessage{"a": []byte(`"new"`)}},
		"of another type":   {`7`, "", "", map[string]json.RawMessage{"a": []byte(`7`)}},
		"null, but a value": {`null`, "old", "old", map[string]json.RawMessage{"a": []byte(`null`)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value := c.is
			left := Take(map[string]json.RawMessage{"a": []byte(c.has)}, "a", &value)
			require.Equal(t, c.want, value)
			require.Equal(t, c.left, left)
		})
	}
}

func TestOtherMembersStayWhenOneIsTaken(t *testing.T) {
	t.Parallel()
	var on *bool
	left := Take(map[string]json.RawMessage{"a": []byte("true"), "b": []byte("1")}, "a", &on)
	require.True(t, *on)
	require.Equal(t, map[string]json.RawMessage{"b": []byte("1")}, left)
	require.Nil(t, Take(nil, "a", new(int)))
}

func TestAChangeSetsNullsOrKeepsAMember(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]odata.Change[bool]{"unset": {}, "null": odata.Null[bool](), "false": odata.Set(false)} {
		model, got := models.NewMdmAppSetting(), "unset"
		Apply(model, "isHotpatchEnabled", c, func(on bool) { got = map[bool]string{true: "true", false: "false"}[on] })
		if raw, sent := model.GetAdditionalData()["isHotpatchEnabled"]; sent {
			require.Equal(t, Null, raw)
			got = "null"
		}
		require.Equal(t, want, got)
	}
}

func TestTheNameOfATypeIsShortHereAndLongThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, short, long string }{
		{"#microsoft.graph.windowsUpdates.catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
		{"microsoft.graph.windowsUpdates.catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
		{"#microsoft.graph.other", "microsoft.graph.other", "#microsoft.graph.other"},
		{"catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
	} {
		short := ShortType(&c.sent)
		require.Equal(t, c.short, short)
		require.Equal(t, c.long, *LongType(short))
	}
	require.Empty(t, ShortType(nil))
	require.Nil(t, LongType(""), "no type is sent for no name")
}

func TestAQuoteInALiteralDoesNotEndIt(t *testing.T) {
	t.Parallel()
	require.Equal(t, `'a''b'`, Quote("a'b"))
}

func TestTheRestOfAListIsWhereTheServiceSays(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		``:                           "",
		`null`:                       "",
		`"https://example.com/?a=b"`: "https://example.com/?a=b",
		`7`:                          "7",
	} {
		w := models.NewDeploymentAudience()
		if sent != "" {
			w.SetAdditionalData(map[string]any{"members@odata.nextLink": json.RawMessage(sent)})
		}
		require.Equal(t, want, Rest(w, "members"), sent)
		require.Empty(t, Rest(w, "exclusions"), sent)
	}
}
