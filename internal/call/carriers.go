package call

import "github.com/winupdates/winupdates-go/internal/graph/models"

// What one area reads for another is carried in these structs, so that no generated
// type is in a signature that users see.

// Entry carries a catalog entry from one area to the reader in package catalog.
type Entry struct {
	Model models.CatalogEntryable
}

// Audience carries an audience from one area to the reader in package audience. A
// nil Model is none.
type Audience struct {
	Model models.DeploymentAudienceable
}

// ApplicableContent carries applicable content from one area to the reader in
// package audience.
type ApplicableContent struct {
	Model models.ApplicableContentable
}

// DeviceMatch carries a device that an update applies to from one area to the
// reader in package audience.
type DeviceMatch struct {
	Model models.ApplicableContentDeviceMatchable
}

// Settings carries the settings of a deployment between the areas that have them
// and package deployments. A nil Model is none.
type Settings struct {
	Model models.DeploymentSettingsable
}

// Content carries the content of a deployment or an approval likewise.
type Content struct {
	Model models.DeployableContentable
}

// Deployment carries a deployment likewise.
type Deployment struct {
	Model models.Deploymentable
}
