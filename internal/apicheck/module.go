package apicheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const modulePath = "github.com/winupdates/winupdates-go"

// listed is a package as the go command describes it, ours or another.
type listed struct {
	ImportPath   string
	Dir          string
	Export       string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	Deps         []string
	Error        *struct{ Err string }
}

// list describes all packages of the module in root and all that they link,
// with export data. A package that does not build has an Error.
func list(ctx context.Context, root string) ([]listed, error) {
	command := exec.CommandContext(ctx, "go", "list", "-e", "-deps", "-export",
		"-json=ImportPath,Dir,Export,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps,Error", "./...")
	command.Dir = root
	var complaint bytes.Buffer
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, complaint.String())
	}
	packages, err := decode(output)
	if err == nil && !slices.ContainsFunc(packages, isOurs) {
		err = fmt.Errorf("%s holds no package of %s", root, modulePath)
	}
	return packages, err
}

func decode(output []byte) ([]listed, error) {
	var packages []listed
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		packages = append(packages, p)
	}
}

// short is an import path without the module's own; those of other modules
// stay whole.
func short(importPath string) string {
	return strings.TrimPrefix(importPath, modulePath+"/")
}

func isOurs(p listed) bool {
	return strings.HasPrefix(p.ImportPath, modulePath+"/")
}

// isPublic reports whether users of the module meet the package: it is neither
// internal nor an example.
func isPublic(p listed) bool {
	return isOurs(p) && !isInternal(short(p.ImportPath)) && !isUnder(short(p.ImportPath), "examples")
}

func isInternal(name string) bool {
	return isUnder(name, "internal") || strings.Contains(name, "/internal/")
}

func isUnder(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

// source is a file of a package of ours.
type source struct {
	in   string // the package's folder, such as "updates/odata"
	fset *token.FileSet
	file *ast.File
}

// sources parses a package's files, those of other systems included, its tests
// not.
func sources(p listed) ([]source, error) {
	paths, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var parsed []source
	for _, file := range paths {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		s, err := parse(short(p.ImportPath), filepath.Base(file), string(text))
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, s)
	}
	return parsed, nil
}

func parse(in, name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path.Join(in, name), text, parser.ParseComments|parser.SkipObjectResolution)
	return source{in: in, fset: fset, file: file}, err
}

// found is a sentence that begins with the place it is about.
func (s source) found(node ast.Node, format string, args ...any) string {
	position := s.fset.Position(node.Pos())
	return fmt.Sprintf("%s:%d: ", position.Filename, position.Line) + fmt.Sprintf(format, args...)
}

// qualified resolves a name such as context.Context to the import path and the
// name, "context.Context"; it is empty for anything but pkg.Name.
func (s source) qualified(expr ast.Expr) string {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	for _, spec := range s.file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if importName(spec, imported) == pkg.Name {
			return imported + "." + selector.Sel.Name
		}
	}
	return ""
}

func importName(spec *ast.ImportSpec, imported string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path.Base(imported)
}

// receiver is the name of the type that a method belongs to; empty for a
// function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	return baseName(fn.Recv.List[0].Type)
}

// baseName is the name of a type without pointer, package and type arguments.
func baseName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.StarExpr:
		return baseName(expr.X)
	case *ast.SelectorExpr:
		return expr.Sel.Name
	case *ast.IndexExpr:
		return baseName(expr.X)
	case *ast.IndexListExpr:
		return baseName(expr.X)
	default:
		return ""
	}
}

// isAPI reports whether users can call a function: it is exported and so is the type
// that it belongs to.
func isAPI(fn *ast.FuncDecl) bool {
	return fn.Name.IsExported() && (fn.Recv == nil || ast.IsExported(receiver(fn)))
}

// fullName is a function's name, after its type's if it has one.
func fullName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	return receiver(fn) + "." + fn.Name.Name
}
