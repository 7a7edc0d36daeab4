// Package openapi holds the description of the service, windowsupdates.yaml,
// and guards what is generated from it.
//
// The generated code in internal/graph is never edited by hand. To change it,
// edit the description and run, in this folder,
//
//	go generate
//
// which needs Kiota, a .NET program:
//
//	dotnet tool install --global Microsoft.OpenApi.Kiota --version 1.34.1
//
// No build and no test needs Kiota. They have generated.sum instead, the
// SHA-256 of the description and of each generated file, and a test that
// compares them. In the top folder sha256sum --check reads the same file. The table
// of the recorder, updates/recording/known.txt, is made from the description too;
// go run ./known writes it alone.
package openapi

//go:generate kiota generate --language Go --openapi windowsupdates.yaml --output ../graph --class-name Client --namespace-name github.com/winupdates/winupdates-go/internal/graph --exclude-backward-compatible --additional-data true --structured-mime-types application/json --serializer none --deserializer none --clean-output --log-level Warning
//go:generate go run golang.org/x/tools/cmd/goimports@v0.52.0 -w ../graph
//go:generate go run ./known
//go:generate go run ./manifest
