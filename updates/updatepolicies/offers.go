package updatepolicies

// Expecting returns a client whose calls may offer updates immediately to that many devices, if
// that is more than updates.Limits.ImmediateOffers; see [deployments.Client.Expecting].
func (c Client) Expecting(devices int) Client {
	c.expecting = devices
	return c
}
