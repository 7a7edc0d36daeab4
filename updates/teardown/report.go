package teardown

// Report is the result of a teardown.
type Report struct {
	// Done are the completed steps, with the results in their notes.
	Done []Step `json:"done"`
	// Remaining are the other steps. The first of them is the one that failed.
	Remaining []Step `json:"remaining,omitzero"`
}

// String returns two lists, completed and remaining steps, with one line for each step.
func (r *Report) String() string {
	text := "Done:\n" + numbered(r.Done)
	if len(r.Remaining) > 0 {
		text += "Remaining:\n" + numbered(r.Remaining)
	}
	return text
}

// add moves the first remaining step to the completed ones. After the wait all deployments are deleted.
func (r *Report) add(done Step) {
	r.Done, r.Remaining = append(r.Done, done), r.Remaining[1:]
	if done.Action != ActionWaitForDeployments {
		return
	}
	for i := range r.Done {
		r.Done[i].Deleted = r.Done[i].Deleted || r.Done[i].Action == ActionDeleteDeployment
	}
}
