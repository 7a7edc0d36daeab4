package apicheck

import (
	"fmt"
	"go/ast"
	"go/types"
	"iter"
	"path"
	"path/filepath"
	"slices"
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
func found(p *packages.Package, node ast.Node, format string, args ...any) string {
	position := p.Fset.Position(node.Pos())
	place := path.Join(short(p.PkgPath), filepath.Base(position.Filename))
	return fmt.Sprintf("%s:%d: ", place, position.Line) + fmt.Sprintf(format, args...)
}

// functions are those that a package has in its files.
func functions(p *packages.Package) iter.Seq2[*types.Func, *ast.FuncDecl] {
	return func(yield func(*types.Func, *ast.FuncDecl) bool) {
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				if decl, ok := decl.(*ast.FuncDecl); ok {
					if fn, ok := p.TypesInfo.Defs[decl.Name].(*types.Func); ok && !yield(fn, decl) {
						return
					}
				}
			}
		}
	}
}

// isAPI reports whether users can call a function: it is exported and so is the type
// that it belongs to.
func isAPI(fn *types.Func) bool {
	return !slices.ContainsFunc(strings.Split(nameOf(fn), "."), isPrivate)
}

func isPrivate(name string) bool { return !ast.IsExported(name) }

// nameOf is a function's name, after its type's if it has one, such as "Client.Get".
func nameOf(fn *types.Func) string {
	if recv := fn.Signature().Recv(); recv != nil {
		return typeName(recv.Type()).Name() + "." + fn.Name()
	}
	return fn.Name()
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
