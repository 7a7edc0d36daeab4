package kjson

// unsupportedNode has the methods of a node that no generated code calls.
type unsupportedNode struct{}

// unsupportedWriter has the methods of a writer that no generated code calls.
type unsupportedWriter struct{}
