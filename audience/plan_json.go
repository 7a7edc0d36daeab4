package audience

import (
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// storedPlan is a [SyncPlan] in JSON.
type storedPlan struct {
	Audience        Ref      `json:"audience"`
	Desired         int      `json:"desired"`
	Current         int      `json:"current"`
	Add             []Member `json:"add,omitempty"`
	Remove          []Member `json:"remove,omitempty"`
	Groups          []string `json:"groups,omitempty"`
	UnmanagedGroups []string `json:"unmanagedGroups,omitempty"`
	Deployments     []string `json:"deployments,omitempty"`
	UpdatePolicies  []string `json:"updatePolicies,omitempty"`
	UnknownMembers  int      `json:"unknownMembers"`
}

// MarshalJSON writes the plan with the lists of its additions and removals, as add and
// remove.
func (p *SyncPlan) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedPlan{
		p.Audience, p.Desired, p.Current, p.add.list(), p.remove.list(), p.Groups, p.UnmanagedGroups,
		p.Deployments, p.UpdatePolicies, p.UnknownMembers,
	})
}

// UnmarshalJSON reads a plan that [SyncPlan.MarshalJSON] wrote. A member without a kind
// or an id, one that is to be both added and removed, and an unknown property are errors.
func (p *SyncPlan) UnmarshalJSON(text []byte) error {
	var stored storedPlan
	if err := wire.Unmarshal(text, &stored); err != nil {
		return err
	}
	read := SyncPlan{
		Audience: stored.Audience, Desired: stored.Desired, Current: stored.Current,
		Groups: stored.Groups, UnmanagedGroups: stored.UnmanagedGroups, UnknownMembers: stored.UnknownMembers,
		Deployments: stored.Deployments, UpdatePolicies: stored.UpdatePolicies,
		add: newMemberSet(stored.Add), remove: newMemberSet(stored.Remove),
	}
	if err := stored.check(&read.remove); err != nil {
		return fmt.Errorf("audience: unmarshal plan: %w", err)
	}
	*p = read
	return nil
}

func (s storedPlan) check(remove *memberSet) error {
	for i, m := range s.Add {
		if remove.has(m) {
			return &apierr.FieldError{Field: fmt.Sprintf("add[%d]", i), Value: words(m), Rule: "must not be in remove too"}
		}
	}
	if err := checkEach("add", s.Add, Member.checkNew); err != nil {
		return err
	}
	return checkEach("remove", s.Remove, Member.check)
}
