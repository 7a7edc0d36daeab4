package main

import (
	"fmt"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"
)

// description is the part of an OpenAPI description that the table is made from.
type description struct {
	Paths      map[string]path `yaml:"paths"`
	Components struct {
		Schemas map[string]*schema `yaml:"schemas"`
	} `yaml:"components"`
}

// path is one path with its operations.
type path struct {
	Parameters []parameter `yaml:"parameters"`
	Get        *operation  `yaml:"get"`
	Post       *operation  `yaml:"post"`
	Put        *operation  `yaml:"put"`
	Patch      *operation  `yaml:"patch"`
	Delete     *operation  `yaml:"delete"`
}

// operations are the operations of a path by method.
func (p path) operations() map[string]*operation {
	return map[string]*operation{"GET": p.Get, "POST": p.Post, "PUT": p.Put, "PATCH": p.Patch, "DELETE": p.Delete}
}

type parameter struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Schema      schema `yaml:"schema"`
}

type operation struct {
	RequestBody *content            `yaml:"requestBody"`
	Responses   map[string]*content `yaml:"responses"`
}

// content is the body of a request or response.
type content struct {
	Content map[string]struct {
		Schema *schema `yaml:"schema"`
	} `yaml:"content"`
}

// typeName is the name of the type of a body, or "-" without a body of JSON.
func (c *content) typeName() string {
	if c == nil {
		return "-"
	}
	body, ok := c.Content["application/json"]
	if !ok || body.Schema.reference() == "" {
		return "-"
	}
	return body.Schema.reference()
}

// response is the type of the body of a successful response.
func (o *operation) response() string {
	for _, status := range []string{"200", "201", "202", "2XX"} {
		if name := o.Responses[status].typeName(); name != "-" {
			return name
		}
	}
	return "-"
}

type schema struct {
	Ref         string             `yaml:"$ref"`
	Type        string             `yaml:"type"`
	Format      string             `yaml:"format"`
	Description string             `yaml:"description"`
	Properties  map[string]*schema `yaml:"properties"`
	Items       *schema            `yaml:"items"`
	AllOf       []*schema          `yaml:"allOf"`
}

// reference is the name of the type that a schema, or the one of its parts that is a
// reference, refers to; empty without one.
func (s *schema) reference() string {
	if s == nil {
		return ""
	}
	if s.Ref != "" {
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	}
	for _, part := range s.AllOf {
		if name := part.reference(); name != "" {
			return name
		}
	}
	return ""
}

// properties are those of a type itself, without those of its base and the annotations
// that every type may have.
func (s *schema) properties() map[string]*schema {
	all := map[string]*schema{}
	for _, part := range append([]*schema{s}, s.AllOf...) {
		maps.Copy(all, part.Properties)
	}
	maps.DeleteFunc(all, func(name string, _ *schema) bool { return strings.Contains(name, "@odata.") })
	return all
}

func parse(text []byte) (*description, error) {
	var d description
	if err := yaml.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	if len(d.Paths) == 0 || len(d.Components.Schemas) == 0 {
		return nil, fmt.Errorf("the description has %d paths and %d schemas", len(d.Paths), len(d.Components.Schemas))
	}
	return &d, nil
}
