package teardown

// Report is what became of a plan.
type Report struct {
	// Done are the steps that were taken, with how they went in their notes.
	Done []Step `json:"done"`
	// Remaining are the steps that were not, the one that failed first.
	Remaining []Step `json:"left,omitzero"`
}

// String has one line for each step, in two lists.
func (r *Report) String() string {
	text := "Done:\n" + numbered(r.Done)
	if len(r.Remaining) > 0 {
		text += "Left:\n" + numbered(r.Remaining)
	}
	return text
}
