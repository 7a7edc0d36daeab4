package apicheck

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

const modulePath = "github.com/winupdates/winupdates-go"

func isOurs(p *packages.Package) bool {
	return strings.HasPrefix(p.PkgPath, modulePath+"/")
}

// isCode reports whether a package of ours is as others link it, without tests.
func isCode(p *packages.Package) bool {
	return isOurs(p) && p.ForTest == "" && !strings.HasSuffix(p.ID, ".test")
}

// isPublic reports whether users of the module meet the code: it is neither internal
// nor an example.
func isPublic(p *packages.Package) bool {
	return isCode(p) && isPublicName(short(p.PkgPath))
}

func isPublicName(name string) bool {
	return !isInternal(name) && !isUnder(name, "examples")
}

func isInternal(name string) bool {
	return isUnder(name, "internal") || strings.Contains(name, "/internal/")
}

func isUnder(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// short is an import path without the module's own; those of other modules stay whole.
func short(importPath string) string {
	return strings.TrimPrefix(importPath, modulePath+"/")
}

// found is a sentence that begins with the place it is about.
func found(p *packages.Package, at interface{ Pos() token.Pos }, format string, args ...any) string {
	position := p.Fset.Position(at.Pos())
	place := path.Join(short(p.PkgPath), filepath.Base(position.Filename))
	return fmt.Sprintf("%s:%d: ", place, position.Line) + fmt.Sprintf(format, args...)
}

// typeName is that of a type of some package, or of what it points to; nil for others.
func typeName(t types.Type) *types.TypeName {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		return named.Obj()
	}
	return nil
}
