package teardown

// Report is what became of a plan.
type Report struct {
	// Done are the steps that were taken, with how they went in their notes.
	Done []Step `json:"done"`
	// Left are the steps that were not, the one that failed first.
	Left []Step `json:"left,omitzero"`
}

// String has one line for each step, in two lists.
func (r *Report) String() string {
	text := "Done:\n" + numbered(r.Done)
	if len(r.Left) > 0 {
		text += "Left:\n" + numbered(r.Left)
	}
	return text
}
