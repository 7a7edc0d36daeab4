// Package apicheck holds this module to rules that no compiler and no linter
// knows, by reading its source and documentation:
//
//   - each package tells one story, and whatever it exports is documented, also where
//     linters look at the first of a group only (docs.go);
//   - whatever sends a request names its operation, permission and page, and
//     the operation is one of the description (operations.go);
//   - packages import of each other what one table has, and link neither azidentity
//     nor, in place of the service, the client (imports.go, links.go);
//   - nothing internal or generated is in an exported signature
//     (signatures.go);
//   - whatever is exported is used by a test, an Example or a program (usage.go);
//   - code and commands in README.md are those that are built and run
//     (readme.go);
//   - MIGRATING.md has ten tasks, each shorter here, and in code that is built
//     (guide_test.go);
//   - what the API is, and which method has which operation, is written down, so that a
//     change of it shows (listing.go, coverage.go);
//   - constants begin with a word of their type, and words that others have taken the
//     place of do not come back (words.go);
//   - no text tells of a developer's machine, and the top folder stays tidy
//     (texts.go).
//
// Each check is a function that returns one sentence for each violation; its
// tests show it a good case and a bad one, then the module itself, which load.go reads
// once for all of them.
package apicheck
