package apicheck

import (
	"context"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
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
	l := loader{fset: config.Fset}
	l.others, err = compiled(config, all)
	for _, p := range all {
		l.read(p)
	}
	return all, err
}

// compiled has the packages that are not ours.
func compiled(config *packages.Config, all []*packages.Package) (types.Importer, error) {
	var names []string
	packages.Visit(all, nil, func(p *packages.Package) {
		if !isOurs(p) {
			names = append(names, p.PkgPath)
		}
	})
	config.Mode, config.Tests = packages.NeedName|packages.NeedExportFile, false
	others, err := packages.Load(config, names...)
	files := map[string]string{}
	for _, p := range others {
		files[p.PkgPath] = p.ExportFile
	}
	return importer.ForCompiler(config.Fset, "gc", func(importPath string) (io.ReadCloser, error) {
		return os.Open(files[importPath])
	}), err
}

// loader gives our packages their syntax and types.
type loader struct {
	fset   *token.FileSet
	others types.Importer
}

// read reads a package of ours, and before it what it imports of them.
func (l loader) read(p *packages.Package) *types.Package {
	if p.Types != nil {
		return p.Types
	}
	fail := func(err error) { p.Errors = append(p.Errors, packages.Error{Msg: err.Error()}) }
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(l.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			fail(err)
		}
		p.Syntax = append(p.Syntax, file)
	}
	p.Fset = l.fset
	check(p, imports{l, p}, fail)
	return p.Types
}

// check gives a package of parsed files its types.
func check(p *packages.Package, importer types.Importer, fail func(error)) {
	p.TypesInfo = &types.Info{
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
		Types: map[ast.Expr]types.TypeAndValue{},
	}
	config := types.Config{Importer: importer, Error: fail}
	p.Types, _ = config.Check(p.PkgPath, p.Fset, p.Syntax, p.TypesInfo) // fail has the errors
}

// imports resolves the imports of one package.
type imports struct {
	loader
	of *packages.Package
}

func (i imports) Import(importPath string) (*types.Package, error) {
	if p := i.of.Imports[importPath]; p != nil && isOurs(p) {
		return i.read(p), nil
	}
	return i.others.Import(importPath)
}
