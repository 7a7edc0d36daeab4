// Package apicheck holds this module to rules that no compiler and no linter
// knows, by reading its source and documentation:
//
//   - each package has one purpose, and all exported names are documented, also those
//     after the first of a group, which linters skip (docs.go);
//   - each method that sends a request names its operation, permission, and page, and
//     the operation is in the description (operations.go);
//   - packages import each other as one table says; none but auth links azidentity, and
//     the simulator does not link the client (imports.go, links.go);
//   - no internal or generated type is in an exported signature (signatures.go);
//   - each exported name is used by a test, an Example, or a program (usage.go);
//   - code and commands in README.md are those that are built and run (readme.go);
//   - MIGRATING.md has ten tasks, each shorter with this SDK, in code that is built
//     (guide_test.go);
//   - the API, and the operations of each method, are listed in files, so that a diff
//     has each change (listing.go, coverage.go);
//   - constants begin with a word of their type, replaced words do not come back, and rules
//     of values have no colon or semicolon
//     (words.go);
//   - no file names a developer's machine, and the top directory stays tidy (texts.go).
//
// Each check is a function that returns one sentence for each violation. Its tests give it
// a good case, a bad one, and then the module itself, which load.go reads once for all.
package apicheck
