// Package recording replays HTTP exchanges in tests: the first run records them, later
// runs need no network. It is an [http.RoundTripper] for this SDK and for any other
// [http.Client].
//
//	func TestPauseFaulty(t *testing.T) {
//		rec := recording.Open(t)
//		client, err := updates.NewClient(rec.Credential(), &updates.Options{Transport: rec.Transport()})
//		require.NoError(t, err)
//		paused, err := pauseFaulty(t.Context(), client, rec.Secret("deployment"))
//		...
//	}
//
// This test replays testdata/recordings/TestPauseFaulty.txtar. Another client uses
// http.Client{Transport: rec.Transport()}. Programs use [Record] and [Replay] instead
// of [Open].
//
// # Recording on a tenant
//
// Pass the credential as an option, in the test or in a function that all tests share. Get IDs of your
// tenant from [Recorder.Secret]:
//
//	// An error leaves cred nil. A replay does not need it.
//	cred, _ := auth.DeviceCode(cloud.Public, os.Getenv("TENANT"), os.Getenv("CLIENT"), show, nil)
//	rec := recording.Open(t, recording.WithCredential(cred))
//
// Then run the test once, in its directory. Set the variable [EnvVar] to a regular expression for names of
// tests, and one variable for each secret. With -count=1 the go command runs the test again, instead of
// printing an earlier result:
//
//	UPDATES_SECRET_DEPLOYMENT=… UPDATES_RECORD='^TestPauseFaulty$' go test -count=1 -run '^TestPauseFaulty$' .
//
// The file is written when the test passes. If the test fails, is skipped, or panics, the file does not
// change. Requests without a response, as when a connection breaks, are not recorded. The log of the test
// has their number, and a replay of them fails. The file is text: read it before you commit it.
//
// If a test searches responses for a name, as Reports().ResolveNames does, get the name from
// [Recorder.Secret], too. In the file every other name is a fake, and a replay would not find it.
//
// If a test sends times that depend on the current time, use [Recorder.Now], so that they match in a
// replay.
//
// # Recording on the simulator
//
// Options that are only for recording have no effect on a replay. A test with these options can be
// recorded again without a tenant:
//
//	service := simulator.New(nil)
//	rec := recording.Open(t,
//		recording.WithTransport(service.Transport()),
//		recording.WithCredential(service.Credential()),
//		recording.WithNote("made on the simulator"))
//
// IDs that begin with 00000000-0000-4000-8000- are kept, so such a test needs no secrets. Names that the
// test searches responses for are kept with [KeepText]. A replay does
// not use the simulator: calls of its methods have no effect, and those that take an ID from a response
// return an error. Call them only if [Recorder.IsRecording] reports true:
//
//	if rec.IsRecording() {
//		require.NoError(t, service.ReportRollback(d.ID, device))
//	}
//
// In a bubble of testing/synctest the simulator and the recorder have the time of the bubble, so recording
// again writes the same file. Polling delays vary at random. If times in responses or the number of
// requests depend on the delays, choose delays for which the variation makes no difference.
//
// # What a recording keeps
//
// A recording keeps values that are known to be harmless. All other values become fakes. Equal values
// become the same fake in the whole file, and fakes are numbered by first appearance. The code under test
// gets the real responses; only the file has fakes.
//
// The recording keeps these headers: Content-Type with a common media type, Retry-After in whole seconds
// up to 99999, Location as a link, and a fake request-id. Requests for tokens do not pass the recorder.
//
// For properties and routes in the description of the service (known.txt), the recording keeps:
//
//   - values of properties that have their documented form: known values of enumerations, names of types,
//     numbers, Booleans, ISO 8601 durations, times with a date and an hour
//   - IDs and texts of the Windows catalog, of products, and of known issues: where responses have them,
//     and everywhere after that
//   - error codes of Microsoft Graph, and messages that are the same for all tenants (errors.txt)
//   - names of routes, properties, and query options, operators and functions in expressions, and versions
//     in paths
//   - the hosts of Microsoft Graph, and all ports of this machine as localhost
//
// Everywhere, also in exchanges with other services, the recording keeps:
//
//   - numbers of at most five digits in JSON and in URLs, or three if the name of the property is that of
//     a secret; not strings of digits in JSON
//   - true, false, null, and empty strings
//   - names of properties that are identifiers or literals in the source of the test, and names in a path
//     of [KeepProperty]
//   - values that have the form of fakes
//
// In requests it also keeps known values and names of types everywhere, and string literals in the Go
// files of the test's package. This includes the parts of a literal between quotes, slashes, and verbs of
// fmt. A string from a variable, a file, or a concatenation is not a literal. A string that an earlier
// response had is not kept. Later responses keep a literal that a request had.
//
// Literals of a test are not replaced. Do not use names of real devices or users in literals if you
// publish the recording.
//
// To keep more, use [KeepText] for a string and [KeepProperty] for a property. Values of [Recorder.Secret]
// are replaced by their names.
//
// # What fakes look like
//
// Fakes have the form of the values that they replace:
//
//	text-1                                strings, and <p>text-1</p> for pages
//	user-1@contoso.example                email addresses
//	host-1.example                        hosts
//	00000000-0000-4000-8000-000000000001  GUIDs
//	2000000001                            numbers
//	2000-01-01T00:00:01Z                  times
//	token-1                               values of unknown options in links
//	name-1                                names of properties
//
// GUIDs and email addresses are compared without regard to case.
//
// Strings that contain JSON are decoded, redacted, and encoded again. The same applies to
// percent-encoding, base64, UTF-16, HTML, and JSON strings, up to five levels deep. Text in another
// encoding is replaced as a whole. So is a body that is neither JSON nor a form. In links, and in
// expressions such as $filter, only values and unknown names are replaced.
//
// JSON is stored with sorted properties, indented, and in UTF-8 without a byte order mark; several values
// have a line each. Compressed bodies are stored uncompressed. Two recordings of the same exchanges differ
// only in the first line.
//
// # What is rejected
//
// If a request has a value that would become a fake, the recording is not written, because a replay would
// send the real value. The error names the exchange and the location. Write the string as one literal, get
// it from Recorder.Secret, or keep it with an option.
//
// A literal that an earlier response had is rejected too: read the value from the response. A request body
// that is not text is rejected. A string that the code builds from values of responses and from literals
// is accepted.
//
// Then the secret check reads the final text of the file, and decodes it up to four levels deep. It
// rejects:
//
//   - tokens, credentials, and private keys, by their forms
//   - values of properties, fields, and attributes whose names end like those of secrets
//   - users and passwords in URLs
//   - GUIDs that are neither fakes nor IDs of the catalog
//   - email addresses outside of contoso.example
//   - values of Recorder.Secret
//   - strings of six characters or more that have become a fake elsewhere
//
// The error names the line and the kind, never the value. The rules are in secrets.txt. A literal in none
// of these forms is not detected.
//
// A recording is also not written in these cases:
//
//   - A body is over 1 MiB, or there are more than 200 exchanges; [AllowLarge] allows both.
//   - There is no exchange.
//   - A body has a compression other than gzip and deflate.
//   - A URL has an opaque part ([url.URL].Opaque).
//   - The file was changed in the meantime, or its name differs from that of another file only in case.
//
// [Check] inspects existing recordings. Run it in a test:
//
//	require.NoError(t, recording.Check("."))
//
// # How requests are matched
//
// Requests match by method, URL, and body. These differences do not matter: the order of query options and
// JSON properties, spaces, percent-encoding, line ends at the end of a body, and the case of GUIDs and
// hosts. Headers are not compared.
//
// Each exchange is used once. Equal requests get their responses in the recorded order, so that polling
// works. [RequireOrder], [IgnoreProperty], and [AllowUnused] change these rules.
//
// A replay sends nothing and creates no fakes. A request for a device that was not recorded is an error,
// and never gets the response for another device.
//
// # Reading a mismatch
//
// A request that was not recorded fails with an error that is [ErrNotRecorded] and names the operation as
// usual. Some errors are shortened to one line, so the test logs the complete error when it ends:
//
//	recording: testdata/recordings/TestCreate.txtar has no response to this request
//	  request:  POST graph.microsoft.com/beta/admin/windows/updates/deployments
//	  unused:   1 of 2 exchanges
//	  nearest:  02 POST graph.microsoft.com/beta/admin/windows/updates/deployments
//	            has another body (- recorded, + requested):
//	              "settings": {
//	            -   "devicesPerOffer": 100
//	            +   "devicesPerOffer": 1000
//	              }
//	  If the new request is right, record it with: UPDATES_RECORD='^TestCreate$' go test -count=1 -run '^TestCreate$' .
//
// The nearest exchange is the most similar one: compare the two request lines, or read the difference of
// the bodies. If the recorded request has a fake, a line names the response that the fake comes from. "Is
// equal, but is used already" means that the code sends more requests than were recorded. The test also
// fails if exchanges are unused, and lists them.
//
// The error of a mismatch has a method NonRetriable. Clients that retry, such as this SDK and azcore, do
// not retry it.
//
// # Time
//
// In a replay the client still waits: for a recorded Retry-After, and between polls. In a bubble of
// testing/synctest waiting takes no time.
package recording
