package apicheck

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// load reads the packages of the module in root, and their tests, from source, so that
// none of them is compiled for it; what is not ours comes from export data. A package
// that does not build has Errors.
func load(ctx context.Context, root string) ([]*packages.Package, error) {
	const graph = packages.NeedName | packages.NeedFiles | packages.NeedForTest |
		packages.NeedImports | packages.NeedDeps
	config := &packages.Config{Mode: graph, Context: ctx, Dir: root, Fset: token.NewFileSet(), Tests: true}
	all, err := packages.Load(config, "./...")
	if err == nil && !slices.ContainsFunc(all, isCode) {
		err = fmt.Errorf("%s holds no package of %s", root, modulePath)
	}
	if err != nil {
		return nil, err
	}
	others, err := compiled(config, all)
	for _, p := range all {
		read(p, config.Fset, others)
	}
	return all, err
}

// compiled has the packages that are not ours.
func compiled(config *packages.Config, all []*packages.Package) (map[string]*types.Package, error) {
	var names []string
	packages.Visit(all, nil, func(p *packages.Package) {
		if !isOurs(p) {
			names = append(names, p.PkgPath)
		}
	})
	config.Mode, config.Tests = packages.NeedName|packages.NeedTypes, false
	loaded, err := packages.Load(config, names...)
	others := map[string]*types.Package{}
	for _, p := range loaded {
		others[p.PkgPath] = p.Types
	}
	return others, err
}

// read gives a package of ours its syntax and types, and before it what it imports of
// them.
func read(p *packages.Package, fset *token.FileSet, others map[string]*types.Package) {
	if p.Types != nil {
		return
	}
	fail := func(err error) { p.Errors = append(p.Errors, packages.Error{Msg: err.Error()}) }
	p.Fset = fset
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			fail(err)
		}
		p.Syntax = append(p.Syntax, file)
	}
	check(p, importer(func(importPath string) (*types.Package, error) {
		imported := p.Imports[importPath]
		if imported == nil || !isOurs(imported) {
			return others[importPath], nil
		}
		read(imported, fset, others)
		return imported.Types, nil
	}), fail)
}

// check gives a package of parsed files its types.
func check(p *packages.Package, from types.Importer, fail func(error)) {
	p.TypesInfo = &types.Info{
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{},
	}
	config := types.Config{Importer: from, Error: fail}
	p.Types, _ = config.Check(p.PkgPath, p.Fset, p.Syntax, p.TypesInfo) // fail has the errors
}

type importer func(importPath string) (*types.Package, error)

func (i importer) Import(importPath string) (*types.Package, error) { return i(importPath) }
