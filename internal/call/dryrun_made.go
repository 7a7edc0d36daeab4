package call

import (
	"bytes"
	"net/http"
	"strings"
)

// made returns the response to a list of rings or approvals of a policy that was made in the
// dry run: the policy has those that were made in it, and no others. It returns nil for
// any other read, and once one of them was changed.
func (p *DryRun) made(req *http.Request) *http.Response {
	p.mu.Lock()
	defer p.mu.Unlock()
	list, found := strings.CutPrefix(req.URL.RequestURI(), Root)
	if p.ended != nil || !found || !p.beginsEmpty(list) {
		return nil
	}
	items := [][]byte{}
	for i, request := range p.kept {
		if strings.HasPrefix(request.Path, list+"/") {
			return nil
		}
		if request.Path == list {
			items = append(items, p.answers[i])
		}
	}
	body := append([]byte(`{"value":[`), bytes.Join(items, []byte(","))...)
	return answered(req, http.StatusOK, append(body, "]}"...))
}

// beginsEmpty reports whether a list belongs to a policy that was made in the dry run.
func (p *DryRun) beginsEmpty(list string) bool {
	for _, fake := range p.fakes {
		policy := "/policies/" + fake.id
		if list == policy+"/rings" || list == policy+"/approvals" {
			return true
		}
	}
	return false
}
