// Package openapi holds the description of the service, windowsupdates.yaml,
// and checks what is generated from it.
//
// The generated code in internal/graph is never edited manually. To change it,
// edit the description and run, in this directory,
//
//	go generate
//
// which needs Kiota, a .NET program:
//
//	dotnet tool install --global Microsoft.OpenApi.Kiota --version 1.38.0
//
// Builds and tests do not need Kiota. A test compares the description and each generated file with
// their SHA-256 in generated.sum; sha256sum --check reads the same file in the top directory. The
// table of the recorder, updates/recording/known.txt, is generated from the description too; to
// write the table only, use go run ./known.
package openapi

//go:generate kiota generate --language Go --openapi windowsupdates.yaml --output ../graph --class-name Client --namespace-name github.com/winupdates/winupdates-go/internal/graph --exclude-backward-compatible --additional-data true --structured-mime-types application/json --serializer none --deserializer none --clean-output --log-level Warning
//go:generate go run golang.org/x/tools/cmd/goimports@v0.52.0 -w ../graph
//go:generate go run ./known
//go:generate go run ./manifest
