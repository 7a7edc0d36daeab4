// Package kjson reads and writes JSON for the models that Kiota generates. It replaces Kiota's JSON
// package, which converts numbers to float64, reads times without a zone in that of the machine, and loses
// nulls. Kiota's package takes several times as long as encoding/json, and quadratic time to write.
//
// It supports what generated code calls, which a test collects. Every other method of a node or a
// writer returns an error that names the method.
//
// # Reading
//
// A document is parsed once, with github.com/go-faster/jx, into a flat list of its values. A value is
// decoded when a model asks for it. This package checks what jx does not: UTF-8, depth (100), and
// that nothing follows the value. A byte order mark at the beginning is skipped.
//
// The table lists what models ask for, and what is accepted.
//
//	string     a string. Half a surrogate pair reads as U+FFFD, as in encoding/json.
//	           Never a number or a Boolean.
//	Boolean    true, false; the strings "true", "True", "false", "False"
//	integer    a whole number that fits into 32 bits, in every notation:
//	           100, 1e2, 100.0; a string with such a number
//	number     a number; a string with one; rounded to 64 bits
//	time       RFC 3339 with at most nine digits of a second, also with lower-case t
//	           and z; UTC without a zone; seconds are optional; a date alone is
//	           midnight. The result is in UTC. A day of year 1, which the service
//	           sends for no time, is preserved; another time of it is none.
//	           "", "String (timestamp)", and "String (identifier)" mean no time.
//	object     an object. At the root, {"value":{...}} is read as the object in it
//	           if its other properties are annotations (@...) and the type has no
//	           property named value; null is an error there.
//	array      an array. A null among objects is a nil item; among plain values it
//	           is omitted.
//
// A property that is anything else is additional data, as it came, and its field has no value. A list with
// an item of a wrong type is one such property. An object whose @odata.type cannot be read is one of the
// basic type. [ReadAndName] names these properties.
//
// The document is an error if a property is of a wrong type without which nothing can be concluded. The
// error has the path, such as value[3].id, and the expected type. These properties are the next link and
// the items of a page, and the ID of what is read or of an item. An object inside of these is then a
// property that could not be read. So is one that has a property several times, and the last one is of a
// wrong type.
//
// Elsewhere null means no value. If a property occurs more than once, the last one counts, even if it
// is null. Names are case-sensitive. Unknown properties are additional data, as json.RawMessage
// without white space, including null.
//
// A node refers to the content; the values read from it do not.
//
// What values become in memory is bounded by the size of the document: some thousand objects are always
// read, but not millions of empty ones.
//
// [Read] reuses memory: the nodes of a document, and one instance per type of model. It reads into that
// instance and copies it, so that the map of its fields is created once.
//
// # Writing
//
// A writer appends to one buffer, in linear time. Nil is omitted and an empty slice is []; null is
// written only for nil in additional data. Additional data is sorted by name, checked to be JSON, and
// otherwise unchanged. Times are in UTC and keep their digits. Only what JSON requires is escaped.
//
// A value that JSON cannot represent is an error with its path: invalid UTF-8, years before 0 or after
// 9999, more than 100 levels.
//
// The tests list how the stock package differs, and why.
package kjson
