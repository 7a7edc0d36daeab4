package deployments

// Expecting returns a client whose calls may offer an update immediately to that many devices,
// if that is more than updates.Limits.ImmediateOffers. Use it for the one call that is meant to
// reach them:
//
//	d, err := client.Deployments().Expecting(12_000).Create(ctx, spec)
//
// It is a number, so that it still protects when the audience has grown. It must not be negative.
func (c Client) Expecting(devices int) Client {
	c.expecting = devices
	return c
}
