package simulator

// allSteps lists what happens by itself as time passes. What policies do comes before the
// offers that follow from it.
func allSteps() []step {
	return []step{
		(*Server).followPolicies,
		(*Server).offerUpdates,
		(*Server).offerInRings,
	}
}
