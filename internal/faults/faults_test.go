package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// tenant sends requests to a service without the SDK.
type tenant struct {
	*service
	t *testing.T
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	body   obj
	err    error // of the connection or of reading the body
}

func (c tenant) send(method, path string, body obj) answer {
	c.t.Helper()
	ctx, url := stub.Within(c.t, time.Minute), "https://graph.microsoft.com"+root+path
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(encode(body)))
	require.NoError(c.t, err)
	resp, err := c.RoundTrip(req)
	if err != nil {
		return answer{err: err}
	}
	a := answer{status: resp.StatusCode, header: resp.Header}
	text, err := io.ReadAll(resp.Body)
	if a.err = err; err == nil && len(text) > 0 {
		require.NoError(c.t, json.Unmarshal(text, &a.body))
	}
	return a
}

func (c tenant) get(path string) answer { c.t.Helper(); return c.send("GET", path, nil) }

// create makes an audience, a deployment on it, a policy, and an approval, without faults. It lets
// so much time pass that they are known everywhere.
func (c tenant) create() (audienceID, deploymentID, policyID, approvalID string) {
	c.t.Helper()
	before := c.rates
	c.rates = rates{}
	audienceID = c.id("deploymentAudiences", obj{})
	deploymentID = c.id("deployments", offer("feature-1", audienceID))
	rules := []any{obj{"@odata.type": namespace + "contentApprovalRule"}}
	policyID = c.id("updatePolicies", obj{"audience": obj{"id": audienceID}, "complianceChangeRules": rules})
	approvalID = c.id("updatePolicies/"+policyID+"/complianceChanges", offer("quality-1", ""))
	<-time.After(time.Hour)
	c.rates = before
	return audienceID, deploymentID, policyID, approvalID
}

// id creates an object and returns its ID.
func (c tenant) id(path string, body obj) string {
	c.t.Helper()
	a := c.send("POST", path, body)
	require.NoError(c.t, a.err)
	require.Contains(c.t, a.body, "id", "%v", a)
	return a.body["id"].(string)
}

func offer(entryID, audienceID string) obj {
	rule := obj{"action": "pauseDeployment", "signal": "rollback", "threshold": 5}
	body := obj{
		"content":  obj{"catalogEntry": obj{"id": entryID}},
		"settings": obj{"monitoring": obj{"monitoringRules": []any{rule}}},
	}
	if audienceID != "" {
		body["audience"] = obj{"id": audienceID}
	}
	return body
}

func (c tenant) addMember(audienceID string) {
	c.t.Helper()
	body := obj{"addMembers": []any{obj{"id": deviceID(1)}}}
	require.Equal(c.t, 202, c.send("POST", "deploymentAudiences/"+audienceID+"/updateAudience", body).status)
}

func (a answer) ids() []string {
	var ids []string
	for _, item := range a.body["value"].([]any) {
		ids = append(ids, item.(obj)["id"].(string))
	}
	return ids
}

// rejects is the test of a fault whose request has no effect.
func rejects(statuses ...int) func(*testing.T, tenant) {
	return func(t *testing.T, c tenant) {
		got := c.send("POST", "deploymentAudiences", obj{})
		require.NoError(t, got.err)
		require.Contains(t, statuses, got.status)
		require.Contains(t, got.body, "error")
		require.Empty(t, c.truth().audiences)
	}
}

// breaks is the test of a fault that leaves the program without a response. effects is how many
// audiences there are then, and late how many there are a minute later.
func breaks(effects, late int) func(*testing.T, tenant) {
	return func(t *testing.T, c tenant) {
		got := c.send("POST", "deploymentAudiences", obj{})
		require.Error(t, got.err)
		require.Len(t, c.truth().audiences, effects)
		<-time.After(longestLate)
		require.Len(t, c.truth().audiences, late)
	}
}

// interferes is the test of another program that changes the state before reads.
func interferes(t *testing.T, c tenant) {
	c.create()
	before := c.now()
	for range 10 {
		c.get("catalog/entries")
	}
	require.NotEqual(t, before, c.now())
}

// faultTests have one test for each fault. The service has the fault wherever it can.
var faultTests = map[fault]func(*testing.T, tenant){
	notFound:     rejects(404),
	gone:         rejects(410),
	conflicted:   rejects(409, 423),
	failedBefore: rejects(500, 502, 503, 504),
	errorBefore:  rejects(200),
	throttled: func(t *testing.T, c tenant) {
		rejects(429)(t, c)
		require.NotContains(t, c.get("deployments").header, "Retry-After")
	},
	throttledFor: func(t *testing.T, c tenant) {
		rejects(429)(t, c)
		require.Regexp(t, `^\d+$`, c.get("deployments").header.Get("Retry-After"))
	},
	throttledFraction: func(t *testing.T, c tenant) {
		rejects(429)(t, c)
		require.Equal(t, "1.5", c.get("deployments").header.Get("Retry-After"))
	},
	lostBefore: breaks(0, 0),
	hungBefore: breaks(0, 0),
	lostAfter:  breaks(1, 1),
	hungAfter:  breaks(1, 1),
	lostEarly:  breaks(0, 1),
	brokenOff:  breaks(1, 1),
	failedAfter: func(t *testing.T, c tenant) {
		require.Contains(t, []int{500, 502, 503, 504}, c.send("POST", "deploymentAudiences", obj{}).status)
		require.Len(t, c.truth().audiences, 1)
	},
	errorAfter: func(t *testing.T, c tenant) {
		got := c.send("POST", "deploymentAudiences", obj{})
		require.Equal(t, 200, got.status)
		require.Contains(t, got.body, "error")
		require.Len(t, c.truth().audiences, 1)
	},
	oldCopy: func(t *testing.T, c tenant) {
		_, id, _, _ := c.create()
		require.Equal(t, 202, c.send("DELETE", "deployments/"+id, nil).status)
		<-time.After(10 * time.Second)
		require.NotContains(t, c.truth().deployments, id)
		require.Equal(t, 200, c.get("deployments/"+id).status)
		<-time.After(longestLag)
		require.Equal(t, 404, c.get("deployments/"+id).status)
	},
	unlisted: func(t *testing.T, c tenant) {
		id := c.id("deploymentAudiences", obj{})
		require.Equal(t, 200, c.get("deploymentAudiences/"+id).status)
		require.Empty(t, c.get("deploymentAudiences").ids())
		<-time.After(longestLag)
		require.Equal(t, []string{id}, c.get("deploymentAudiences").ids())
	},
	unborn: func(t *testing.T, c tenant) {
		id := c.id("deploymentAudiences", obj{})
		require.Equal(t, []string{id}, c.get("deploymentAudiences").ids())
		require.Equal(t, 404, c.get("deploymentAudiences/"+id).status)
		require.Equal(t, 404, c.send("DELETE", "deploymentAudiences/"+id, nil).status)
		require.Contains(t, c.truth().audiences, id)
		<-time.After(longestLag)
		require.Equal(t, 200, c.get("deploymentAudiences/"+id).status)
	},
	lateState: func(t *testing.T, c tenant) {
		_, id, _, _ := c.create()
		pause := obj{"state": obj{"requestedValue": "paused"}}
		require.Equal(t, 202, c.send("PATCH", "deployments/"+id, pause).status)
		<-time.After(15 * time.Second)
		want := obj{"effectiveValue": "offering", "requestedValue": "paused", "reasons": []any{}}
		require.Equal(t, want, c.get("deployments/" + id).body["state"])
		<-time.After(time.Minute)
		want["effectiveValue"] = "paused"
		require.Equal(t, want, c.get("deployments/" + id).body["state"])
	},
	unnamedAudience: func(t *testing.T, c tenant) {
		audienceID, id, _, _ := c.create()
		require.NotContains(t, c.get("deployments/"+id).body, "audience")
		require.NotContains(t, c.get("updatePolicies").body["value"].([]any)[0], "audience")
		require.Equal(t, audienceID, c.get("deployments/" + id + "/audience").body["id"])
	},
	lateWrite: func(t *testing.T, c tenant) {
		id, _, _, _ := c.create()
		c.addMember(id)
		<-time.After(15 * time.Second)
		require.Empty(t, c.get("deploymentAudiences/"+id+"/members").ids())
		<-time.After(longestLate)
		require.Equal(t, []string{deviceID(1)}, c.get("deploymentAudiences/"+id+"/members").ids())
	},
	unpopulated: func(t *testing.T, c tenant) {
		id, _, _, _ := c.create()
		require.Equal(t, 404, c.get("deploymentAudiences/"+id+"/members").status)
		require.Equal(t, 200, c.get("deploymentAudiences/"+id).status)
	},
	ownedByIntune: func(t *testing.T, c tenant) {
		id := c.id("deploymentAudiences", obj{})
		c.addMember(id)
		<-time.After(time.Minute)
		require.Equal(t, 404, c.get("deploymentAudiences/"+id+"/members").status)
		require.Equal(t, []string{deviceID(90), deviceID(91)}, c.truth().audiences[id].members)
	},
	groupsAsDevices: func(t *testing.T, c tenant) {
		id, groupID := c.id("deploymentAudiences", obj{}), c.id("updatableAssets", obj{})
		enrollment := obj{"updateCategory": "feature", "ids": []any{deviceID(1)}}
		require.Equal(t, 202, c.send("POST", "updatableAssets/enrollAssetsById", enrollment).status)
		devices := obj{"ids": []any{deviceID(1), deviceID(2)}}
		require.Equal(t, 202, c.send("POST", "updatableAssets/"+groupID+"/addMembersById", devices).status)
		body := obj{"addMembers": []any{obj{"id": groupID}}}
		require.Equal(t, 202, c.send("POST", "deploymentAudiences/"+id+"/updateAudience", body).status)
		<-time.After(time.Minute)
		require.Equal(t, []string{deviceID(1)}, c.get("deploymentAudiences/"+id+"/members").ids())
		require.Equal(t, []string{groupID}, c.truth().audiences[id].members)
	},
	emptyEntryID: func(t *testing.T, c tenant) {
		_, _, policyID, approvalID := c.create()
		got := c.get("updatePolicies/" + policyID + "/complianceChanges/" + approvalID + "/contentApproval")
		entry := got.body["content"].(obj)["catalogEntry"].(obj)
		require.Empty(t, entry["id"])
		require.Equal(t, "1999-11-09T00:00:00.0000000Z", entry["releaseDateTime"])
	},
	silentPause: func(t *testing.T, c tenant) {
		_, id, _, _ := c.create()
		c.get("catalog/entries")
		c.get("catalog/entries")
		want := obj{"effectiveValue": "paused", "requestedValue": "none", "reasons": []any{}}
		require.Equal(t, want, c.get("deployments/" + id).body["state"])
	},
	rejectedRules: func(t *testing.T, c tenant) {
		_, _, id, _ := c.create()
		change := obj{"complianceChangeRules": []any{}}
		require.Equal(t, 400, c.send("PATCH", "updatePolicies/"+id, change).status)
		require.Len(t, c.truth().policies[id].rules, 1)
	},
	rejectedDeletion: func(t *testing.T, c tenant) {
		_, _, policyID, id := c.create()
		require.Equal(t, 400, c.send("DELETE", "updatePolicies/"+policyID+"/complianceChanges/"+id, nil).status)
		require.Contains(t, c.truth().approvals, id)
	},
	dateAhead:       func(t *testing.T, c tenant) { requireSkew(t, c, +1) },
	dateBehind:      func(t *testing.T, c tenant) { requireSkew(t, c, -1) },
	otherMembers:    interferes,
	otherDeployment: interferes,
	otherState:      interferes,
	otherApproval:   interferes,
	otherEnrollment: func(t *testing.T, c tenant) {
		c.service.change(time.Now(), func(s *state, _ time.Time) {
			s.setEnrollment([]string{deviceID(1)}, "feature", "enrolling")
		})
		interferes(t, c)
	},
}

// requireSkew requires that the header Date is off in one direction, each time by one of the skews.
func requireSkew(t *testing.T, c tenant, direction time.Duration) {
	t.Helper()
	seen := map[time.Duration]bool{}
	for range 20 {
		at, err := http.ParseTime(c.get("deployments").header.Get("Date"))
		require.NoError(t, err)
		off := direction * time.Until(at)
		i := slices.IndexFunc(skews, func(skew time.Duration) bool { return (off - skew).Abs() <= 2*time.Second })
		require.GreaterOrEqual(t, i, 0, off)
		seen[skews[i]] = true
	}
	require.Len(t, seen, len(skews))
}

func TestEachFaultCanBeShown(t *testing.T) {
	t.Parallel()
	for f := none + 1; f < faultCount; f++ {
		stub.InBubble(t, f.String(), func(t *testing.T) {
			require.Contains(t, faultTests, f, "a fault without a test")
			s := newService(1)
			s.rates[f] = 1
			faultTests[f](t, tenant{s, t})
			require.NotZero(t, s.hits[f], "the fault is not counted")
		})
	}
}

func TestTheServiceIsSoundWithoutFaults(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "all routes", func(t *testing.T) {
		s := newService(1)
		c := tenant{s, t}
		audienceID, deploymentID, policyID, approvalID := c.create()
		s.pages = 1
		first := c.get("deployments")
		require.Equal(t, []string{deploymentID}, first.ids())
		require.Contains(t, first.body["@odata.nextLink"], "skiptoken")
		require.Equal(t, 409, c.send("DELETE", "deploymentAudiences/"+audienceID, nil).status)
		require.Equal(t, 204, c.send("DELETE", "updatePolicies/"+policyID, nil).status)
		require.Equal(t, 404, c.get("updatePolicies/"+policyID+"/complianceChanges/"+approvalID).status)
		for _, id := range c.truth().users(audienceID) {
			require.Equal(t, 202, c.send("DELETE", "deployments/"+id, nil).status)
		}
		<-time.After(time.Minute)
		require.Equal(t, 204, c.send("DELETE", "deploymentAudiences/"+audienceID, nil).status)
		require.Zero(t, s.hits)
	})
}
