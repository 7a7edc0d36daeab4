package simulator

import "github.com/winupdates/winupdates-go/updates/simulator/internal/odata"

func tenantTypes() types {
	return types{
		"tenantSetting": {
			Base:       "entity",
			Properties: "areDataProcessorServiceForWindowsFeaturesEnabled flag, mdmAppSettings []mdmAppSetting",
			Expandable: []odata.Expandable{{Path: "mdmAppSettings"}},
		},
	}
}

func addTenantRoutes(add func(string, methods)) {
	add("tenantSettings", methods{"GET": (*Server).getTenant, "PATCH": (*Server).updateTenant})
}

func (s *Server) getTenant(c *call) (reply, error) {
	return c.one("tenantSetting", "tenantSettings/$entity", s.tenant())
}

func (s *Server) updateTenant(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	const name = "areDataProcessorServiceForWindowsFeaturesEnabled"
	in.RejectNull(name)
	enabled := in.Flag(name)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	s.processesData = or(enabled, s.processesData)
	return s.getTenant(c)
}

// tenant renders the settings of the tenant.
func (s *Server) tenant() object {
	apps := []any{}
	for _, a := range s.apps.all() {
		apps = append(apps, a.object())
	}
	return object{
		"id": tenantID,
		"areDataProcessorServiceForWindowsFeaturesEnabled": s.processesData,
		"mdmAppSettings": apps,
	}
}
