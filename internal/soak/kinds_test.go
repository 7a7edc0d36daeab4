package soak

import (
	"context"
	"fmt"
	"strconv"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/tenant"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// kind is a kind of object that a worker creates, changes, reads, and deletes.
type kind struct {
	name   string
	values []string // that a thing can have; the first is that of a new one
	create func(ctx context.Context, w *worker) (id string, err error)
	change func(ctx context.Context, c *updates.Client, id, value string) error
	read   func(ctx context.Context, c *updates.Client, id string) (value string, err error)
	remove func(ctx context.Context, c *updates.Client, id string) error          // nil: what there is stays
	list   func(ctx context.Context, c *updates.Client) (ids []string, err error) // nil: others are listed too
}

func kinds() []kind {
	return []kind{
		entries(), products(), offers(), audiences(), devices(), groups(),
		updatePolicies(), qualityPolicies(), connections(), apps(),
	}
}

const version = "Windows 11, version 24H2"

// entries are only read. Each lookup is a list with a filter.
func entries() kind {
	return kind{
		name: "catalog", values: []string{version},
		create: func(ctx context.Context, w *worker) (string, error) {
			entry, err := w.client.Catalog().FindFeatureUpdate(ctx, version)
			if err != nil {
				return "", err
			}
			return entry.ID, nil
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			entry, err := c.Catalog().Get(ctx, id)
			if err != nil {
				return "", err
			}
			return entry.Common().DisplayName, nil
		},
	}
}

func products() kind {
	return kind{
		name: "products", values: []string{"found"},
		create: func(ctx context.Context, w *worker) (string, error) {
			product, err := w.client.Products().List(nil).First(ctx)
			if err != nil {
				return "", err
			}
			return product.ID, nil
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			_, err := c.KnownIssues().List(nil).Collect(ctx, 100)
			if err != nil {
				return "", err
			}
			_, err = c.Products().Get(ctx, id)
			return "found", err
		},
	}
}

func offers() kind {
	return kind{
		name: "deployments", values: []string{string(deployments.RequestNone), string(deployments.RequestPaused)},
		create: func(ctx context.Context, w *worker) (string, error) {
			d, err := w.client.Deployments().Create(ctx, deployments.ForFeature(w.entry))
			if err != nil {
				return "", err
			}
			return d.ID, nil
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			if value == string(deployments.RequestPaused) {
				return c.Deployments().Pause(ctx, id)
			}
			return c.Deployments().Resume(ctx, id)
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			d, err := c.Deployments().Get(ctx, id)
			if err != nil {
				return "", err
			}
			return string(d.State.Requested), nil
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error { return c.Deployments().Delete(ctx, id) },
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.Deployments().List(nil), func(d *deployments.Deployment) string { return d.ID })
		},
	}
}

// audiences are listed together with those of deployments and policies.
func audiences() kind {
	return kind{
		name: "audiences", values: []string{"without", "with"},
		create: func(ctx context.Context, w *worker) (string, error) { return newAudience(ctx, w.client) },
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			if value == "with" {
				return c.Audiences().AddDevices(ctx, audience.ByID(id), []string{anyDevice}, nil)
			}
			return c.Audiences().RemoveDevices(ctx, audience.ByID(id), []string{anyDevice}, nil)
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			return membership(ctx, c.Audiences().ListMembers(audience.ByID(id), nil))
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error { return c.Audiences().Delete(ctx, id) },
	}
}

const anyDevice = "00000000-0000-4000-8000-00000000ffff"

func newAudience(ctx context.Context, c *updates.Client) (string, error) {
	a, err := c.Audiences().Create(ctx)
	if err != nil {
		return "", err
	}
	return a.ID, nil
}

func membership(ctx context.Context, members odata.List[audience.Asset]) (string, error) {
	found, err := members.Collect(ctx, 2)
	if err != nil {
		return "", err
	}
	return []string{"without", "with"}[len(found)], nil
}

// devices have an ID of the worker's own, and are not deleted.
func devices() kind {
	return kind{
		name: "devices", values: []string{string(audience.StateEnrolled), string(audience.StateNotEnrolled)},
		create: func(ctx context.Context, w *worker) (string, error) {
			id := fmt.Sprintf("00000000-0000-4000-8000-%012d", w.number)
			return id, w.client.Devices().Enroll(ctx, audience.CategoryQuality, []string{id}, nil)
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			if value == string(audience.StateEnrolled) {
				return c.Devices().Enroll(ctx, audience.CategoryQuality, []string{id}, nil)
			}
			return c.Devices().Unenroll(ctx, audience.CategoryQuality, []string{id}, nil)
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			d, err := c.Devices().Get(ctx, id)
			if err != nil {
				return "", err
			}
			return string(d.Quality.State), nil
		},
	}
}

func groups() kind {
	return kind{
		name: "groups", values: []string{"without", "with"},
		create: func(ctx context.Context, w *worker) (string, error) {
			g, err := w.client.Groups().Create(ctx)
			if err != nil {
				return "", err
			}
			return g.ID, nil
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			if value == "with" {
				return c.Groups().AddDevices(ctx, id, []string{anyDevice}, nil)
			}
			return c.Groups().RemoveDevices(ctx, id, []string{anyDevice}, nil)
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			return membership(ctx, c.Groups().ListMembers(id, nil))
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error { return c.Groups().Delete(ctx, id) },
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.Groups().List(nil), func(g *audience.Group) string { return g.ID })
		},
	}
}

func updatePolicies() kind {
	settings := map[string]deployments.Settings{
		"optional": deployments.Settings{}.OfferedAsOptional(),
		"required": deployments.Settings{}.OfferedAsRequired(),
	}
	return kind{
		name: "update policies", values: []string{"optional", "required"},
		create: func(ctx context.Context, w *worker) (string, error) {
			p, err := w.client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(w.audience).With(settings["optional"]))
			if err != nil {
				return "", err
			}
			return p.ID, nil
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			return c.UpdatePolicies().MergeSettings(ctx, id, settings[value])
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			p, err := c.UpdatePolicies().Get(ctx, id)
			if err != nil {
				return "", err
			}
			if settings["optional"].ContainedIn(p.Settings) {
				return "optional", nil
			}
			return "required", nil
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error {
			return c.UpdatePolicies().Delete(ctx, id)
		},
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.UpdatePolicies().List(nil), func(p *updatepolicies.Policy) string { return p.ID })
		},
	}
}

func qualityPolicies() kind {
	return kind{
		name: "quality policies", values: []string{"a", "b", "c"},
		create: func(ctx context.Context, w *worker) (string, error) {
			p, err := w.client.Policies().Create(ctx, policies.QualityPolicy("a"))
			if err != nil {
				return "", err
			}
			return p.ID, nil
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			return c.Policies().Update(ctx, id, policies.QualityPolicyUpdate{DisplayName: odata.Set(value)})
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			p, err := c.Policies().Get(ctx, id)
			if err != nil {
				return "", err
			}
			return p.DisplayName, nil
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error {
			return c.Policies().Delete(ctx, id)
		},
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.Policies().List(nil), func(p *policies.Policy) string { return p.ID })
		},
	}
}

func connections() kind {
	return kind{
		name: "connections", values: []string{string(tenant.StateConnected)},
		create: func(ctx context.Context, w *worker) (string, error) {
			made, err := w.client.Tenant().CreateConnection(ctx, tenant.LogAnalyticsWorkspace{
				Subscription: anyDevice, ResourceGroup: "updates", Workspace: strconv.FormatUint(w.random.Uint64(), 36),
			})
			if err != nil {
				return "", err
			}
			return made.ID, nil
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			got, err := c.Tenant().GetConnection(ctx, id)
			if err != nil {
				return "", err
			}
			return string(got.State), nil
		},
		remove: func(ctx context.Context, c *updates.Client, id string) error {
			return c.Tenant().DeleteConnection(ctx, id)
		},
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.Tenant().ListConnections(nil), func(c *tenant.Connection) string { return c.ID })
		},
	}
}

// apps have an ID of the worker's own, and are not deleted.
func apps() kind {
	return kind{
		name: "apps", values: []string{"true", "false"},
		create: func(ctx context.Context, w *worker) (string, error) {
			id := fmt.Sprintf("0000000a-0000-4000-8000-%012d", w.number)
			_, err := w.client.Tenant().CreateMDMApp(ctx, tenant.MDMApp{ID: id, Hotpatch: new(true)})
			return id, err
		},
		change: func(ctx context.Context, c *updates.Client, id, value string) error {
			return c.Tenant().UpdateMDMApp(ctx, id, tenant.MDMAppUpdate{Hotpatch: odata.Set(value == "true")})
		},
		read: func(ctx context.Context, c *updates.Client, id string) (string, error) {
			app, err := c.Tenant().GetMDMApp(ctx, id)
			if err != nil {
				return "", err
			}
			return fmt.Sprint(app.Hotpatch != nil && *app.Hotpatch), nil
		},
		list: func(ctx context.Context, c *updates.Client) ([]string, error) {
			return ids(ctx, c.Tenant().ListMDMApps(nil), func(a *tenant.MDMApp) string { return a.ID })
		},
	}
}

func ids[T any](ctx context.Context, list odata.List[T], of func(T) string) ([]string, error) {
	items, err := list.Collect(ctx, 10_000)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = of(item)
	}
	return ids, nil
}
