// Package kjson reads and writes JSON for the models that Kiota generates. It
// takes the place of Kiota's own JSON package, which passes numbers through
// float64, takes the machine's zone for times without one, loses nulls, and needs
// several times the time of encoding/json, to write even the square of the length.
//
// It supports what generated code calls, which a test collects; every other method
// of a node or a writer returns an error that names it.
//
// # Reading
//
// A text is taken apart once, by github.com/go-faster/jx, into a flat list of its
// values; each is decoded when a model asks for it. What jx does not check is
// checked here: UTF-8, depth (100), and that nothing follows the value. A byte
// order mark at the beginning is passed over.
//
// What the models ask for, and what they get. Anything else is an error that names
// the place, such as value[3].releaseDateTime, what was found and what was due.
//
//	text       a text. Half a surrogate pair reads as U+FFFD, as in encoding/json.
//	           Never a number or a boolean.
//	boolean    true, false; the texts "true", "True", "false", "False"
//	integer    a number that is whole and fits into 32 bits, however it is written:
//	           100, 1e2, 100.0; a text with such a number
//	number     a number; a text with one; the nearest of 64 bits
//	time       RFC 3339 with at most nine digits of a second, also with small t
//	           and z; without a zone it is in UTC; seconds may be left out; a date
//	           alone is its midnight. The result is in UTC. Year 1, which the service
//	           sends for no time, is read as it is written.
//	           "", "String (timestamp)" and "String (identifier)" are no time.
//	object     an object. At the root, {"value":{...}} is read as the object in it
//	           when only annotations (@...) stand beside it and the type has no
//	           member named value; null is an error there.
//	array      an array. Null among objects is a nil item; among plain values it is
//	           left out.
//
// Null is no value everywhere else. Of members with the same name the last one
// counts, also when it is null. Names are compared exactly. Members that the model
// does not know go into its additional data as json.RawMessage, without white
// space and null included.
//
// A node refers to the content, and its values do not: they may outlive it.
//
// [Read] reuses memory: that of the nodes of a text, and for each type of model one
// instance that is read into and copied, so that the map of its fields is made once.
//
// # Writing
//
// A writer appends to one buffer, in time linear in the length. Nil is left out and
// an empty slice is []; null is written where additional data holds nil. Additional
// data comes in the order of its names, and is written as it is, once it is known to
// be JSON. Times are in UTC with the digits that they have. Nothing is escaped that
// JSON does not ask for. What JSON cannot hold is an error that names the place: text
// that is not UTF-8, years before 0 or after 9999, more than 100 levels.
//
// The tests list where the stock package differs, and why.
package kjson
