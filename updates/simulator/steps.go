package simulator

// allSteps lists what happens automatically as time passes. Policies come before the offers that
// follow from them.
func allSteps() []step {
	return []step{
		(*Server).followPolicies,
		(*Server).assignFeatureDevices,
		(*Server).offerUpdates,
		(*Server).offerInRings,
		(*Server).installOffered,
	}
}
