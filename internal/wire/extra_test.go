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

func TestKnownPropertiesInExtraAreUnread(t *testing.T) {
	t.Parallel()
	extra := map[string]json.RawMessage{"a": json.RawMessage(`7`), "new": json.RawMessage(`1`)}
	require.Equal(t, []string{"a"}, Unread(extra, "b", "a"))
	require.Empty(t, Unread(nil, "a"))
}

func TestATypeThatCouldNotBeReadIsInExtra(t *testing.T) {
	t.Parallel()
	for value, kept := range map[string]bool{`"#x"`: false, `null`: false, `5`: true, `{}`: true} {
		model := models.NewDeploymentSettings()
		model.GetAdditionalData()["@odata.type"] = json.RawMessage(value)
		model.GetAdditionalData()["@odata.context"] = json.RawMessage(value)
		if kept {
			require.Equal(t, map[string]json.RawMessage{"@odata.type": json.RawMessage(value)}, Extra(model))
		} else {
			require.Nil(t, Extra(model))
		}
	}
}
