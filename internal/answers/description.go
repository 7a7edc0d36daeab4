// Package answers makes random responses of the service from its description, and mutates them, for tests
// that need responses of any shape. A new operation or property takes part as soon as the description has it.
package answers

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Description is an OpenAPI description of the service, as far as responses depend on it.
type Description struct {
	operations []Operation
	schemas    map[string]*schema
}

// Operation is an operation of the service.
type Operation struct {
	Name   string // method and path, such as "GET /deployments/{deployment-id}"
	method string
	path   *regexp.Regexp // of a URL, after the root of the service
	status int            // of a success
	schema string         // of the body of a success; empty if it has none
}

// schema is a type, or what a property may be.
type schema struct {
	Ref           string             `yaml:"$ref"`
	Type          string             `yaml:"type"`
	Format        string             `yaml:"format"`
	Description   string             `yaml:"description"`
	Properties    map[string]*schema `yaml:"properties"`
	Items         *schema            `yaml:"items"`
	AllOf         []*schema          `yaml:"allOf"`
	Discriminator *struct {
		Mapping map[string]string `yaml:"mapping"`
	} `yaml:"discriminator"`
}

// reference is the name of the schema that is referred to; empty for none.
func (s *schema) reference() string { return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:] }

type response struct {
	Content map[string]struct {
		Schema schema `yaml:"schema"`
	} `yaml:"content"`
}

// Read reads a description.
func Read(text []byte) (*Description, error) {
	var doc struct {
		Paths      map[string]map[string]yaml.Node `yaml:"paths"`
		Components struct {
			Schemas map[string]*schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	d := &Description{schemas: doc.Components.Schemas}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range []string{"get", "post", "patch", "put", "delete"} {
			if node, ok := doc.Paths[path][method]; ok {
				op, err := readOperation(strings.ToUpper(method), path, node)
				if err != nil {
					return nil, err
				}
				d.operations = append(d.operations, op)
			}
		}
	}
	return d, nil
}

func readOperation(method, path string, node yaml.Node) (Operation, error) {
	var described struct {
		Responses map[string]response `yaml:"responses"`
	}
	if err := node.Decode(&described); err != nil {
		return Operation{}, fmt.Errorf("read %s %s: %w", method, path, err)
	}
	op := Operation{Name: method + " " + path, method: method, path: pattern(path), status: 204}
	for status, code := range map[string]int{"200": 200, "201": 201, "202": 202} {
		if success, ok := described.Responses[status]; ok {
			body := success.Content["application/json"].Schema
			op.status, op.schema = code, body.reference()
		}
	}
	return op, nil
}

var parameter = regexp.MustCompile(`\\\{[^}]*\\\}`)

func pattern(path string) *regexp.Regexp {
	return regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(path), `[^/]*`) + "$")
}

// Operations are all operations of the service.
func (d *Description) Operations() []Operation { return slices.Clone(d.operations) }

// Find returns the operation of a request; path comes after the root of the service. Of several it is the
// one with the most fixed path.
func (d *Description) Find(method, path string) (Operation, bool) {
	var found Operation
	for _, op := range d.operations {
		fixed := strings.Count(op.Name, "{") < strings.Count(found.Name, "{")
		if op.method == method && op.path.MatchString(path) && (found.Name == "" || fixed) {
			found = op
		}
	}
	return found, found.Name != ""
}

// Subtypes are the names of the types that a type can be, with those in the annotation of a body; itself
// without an annotation if it has none.
func (d *Description) subtypes(name string) map[string]string {
	types := map[string]string{}
	for _, part := range d.parts(name) {
		if part.Discriminator == nil {
			continue
		}
		for annotation, ref := range part.Discriminator.Mapping {
			if strings.HasPrefix(annotation, "#") {
				types[annotation] = (&schema{Ref: ref}).reference()
			}
		}
	}
	return types
}

// parts are a schema and those that it consists of itself.
func (d *Description) parts(name string) []*schema {
	s := d.schemas[name]
	if s == nil {
		return nil
	}
	return append([]*schema{s}, s.AllOf...)
}

// properties are those of a type and of its base types, by name.
func (d *Description) properties(name string) map[string]*schema {
	all := map[string]*schema{}
	for _, part := range d.parts(name) {
		if base := part.reference(); base != "" {
			maps.Copy(all, d.properties(base))
		}
		maps.Copy(all, part.Properties)
	}
	return all
}
