package simulator

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// mdmAppType is the short name of the type of an app's settings.
const mdmAppType = "mdmAppSetting"

func appTypes() types {
	return types{mdmAppType: {Properties: "isHotpatchEnabled flag, mdmAppId text"}}
}

func addAppRoutes(add func(string, methods)) {
	add("tenantSettings/mdmAppSettings", methods{"GET": (*Server).listApps, "POST": (*Server).createApp})
	add("tenantSettings/mdmAppSettings/{}", methods{"GET": (*Server).getApp, "PATCH": (*Server).updateApp})
}

// mdmApp has the settings of a device management app.
type mdmApp struct {
	id       string
	hotpatch bool
}

const appsContext = "tenantSettings/mdmAppSettings"

func (s *Server) listApps(c *call) (reply, error) {
	return c.page(mdmAppType, appsContext, s.apps.len(), func(i int) object { return s.apps.at(i).object() })
}

func (s *Server) createApp(c *call) (reply, error) {
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	in.Require("mdmAppId")
	id, hotpatch := or(in.Text("mdmAppId"), ""), or(in.Flag("isHotpatchEnabled"), false)
	if !isGUID(id) {
		in.Reject(odata.BadParameter("mdmAppId"))
	}
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	if s.apps.has(strings.ToLower(id)) {
		return reply{}, odata.Conflict("The specified resource already exists.")
	}
	a := &mdmApp{id, hotpatch}
	s.apps.put(strings.ToLower(id), a)
	return reply{http.StatusCreated, c.app(a)}, nil
}

func (s *Server) getApp(c *call) (reply, error) {
	a, err := s.apps.find(strings.ToLower(c.ids[0]), mdmAppType)
	if err != nil {
		return reply{}, err
	}
	return c.one(mdmAppType, appsContext+"/$entity", a.object())
}

func (s *Server) updateApp(c *call) (reply, error) {
	a, err := s.apps.find(strings.ToLower(c.ids[0]), mdmAppType)
	if err != nil {
		return reply{}, err
	}
	in, err := c.input()
	if err != nil {
		return reply{}, err
	}
	in.RejectNull("isHotpatchEnabled")
	if !strings.EqualFold(or(in.Text("mdmAppId"), a.id), a.id) {
		in.Reject(odata.BadRequest("The property 'mdmAppId' cannot be changed."))
	}
	hotpatch := or(in.Flag("isHotpatchEnabled"), a.hotpatch)
	if err := in.Err(); err != nil {
		return reply{}, err
	}
	a.hotpatch = hotpatch
	return reply{http.StatusOK, c.app(a)}, nil
}

func (a *mdmApp) object() object {
	return object{"mdmAppId": a.id, "isHotpatchEnabled": a.hotpatch}
}

// app renders an app's settings as an answer of their own.
func (c *call) app(a *mdmApp) object {
	return c.single(a.object(), appsContext+"/$entity")
}

var guid = regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// isGUID rejects the GUID of zeros, which identifies nothing.
func isGUID(text string) bool { return guid.MatchString(text) && strings.Trim(text, "0-") != "" }
