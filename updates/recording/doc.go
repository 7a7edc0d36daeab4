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
// Name the credential, in the test or in a function that all tests share, and take what
// belongs to your tenant from [Recorder.Secret]:
//
//	// An error leaves cred nil. A replay does not need it.
//	cred, _ := auth.DeviceCode(cloud.Public, os.Getenv("TENANT"), os.Getenv("CLIENT"), show, nil)
//	rec := recording.Open(t, recording.WithCredential(cred))
//
// Then run the test once, in its directory, with the variable [EnvVar], a regular
// expression for names of tests, and with one variable for each secret. -count=1 keeps the
// go command from showing an earlier result:
//
//	UPDATES_SECRET_DEPLOYMENT=… UPDATES_RECORD='^TestPauseFaulty$' go test -count=1 -run '^TestPauseFaulty$' .
//
// The file is written when the test passes. A test that fails, is skipped, or panics leaves
// the file as it was. Requests without a response, as when a connection breaks, are not
// recorded; the log of the test counts them, and a replay of them fails. Read the file
// before you commit it: it is text. A test that builds times takes the current time from
// [Recorder.Now], so that they match when they are replayed.
//
// # Recording on the simulator
//
// Options for recording have no effect on a replay, so that anyone can record such a test
// again:
//
//	service := simulator.New(nil)
//	rec := recording.Open(t,
//		recording.WithTransport(service.Transport()),
//		recording.WithCredential(service.Credential()),
//		recording.WithNote("made on the simulator"))
//
// IDs that begin with 00000000-0000-4000-8000- are kept, so that such a test needs no
// secrets. What the test does to the simulator has no effect on a replay, and what needs
// an ID from a response fails there. [Recorder.IsRecording] reports when to do it:
//
//	if rec.IsRecording() {
//		require.NoError(t, service.ReportRollback(d.ID, device))
//	}
//
// In a bubble of testing/synctest the simulator and the recorder have the time of the
// bubble, so that recording again gives the same file. Polling delays vary at random: if
// times in responses or the number of requests depend on them, make the delays short or
// long enough that they do not.
//
// # What a recording keeps
//
// A recording keeps what is known to be harmless. Everything else becomes a fake: the same
// one wherever the value stands in the file, numbered by first appearance. The code under
// test gets what the service sends; only the file has fakes.
//
// Of headers, a recording keeps the Content-Type of both sides as far as its media type is
// a common one, Retry-After in whole seconds up to 99999, Location as a link, and a fake
// request-id. Tokens are requested elsewhere and are never seen.
//
// Of bodies and URLs it keeps, with the properties and routes that the description of the
// service has (known.txt):
//
//   - known values of enumerations, names of types, times with a date and an hour, durations
//     in ISO 8601, numbers, and Booleans, of properties that have such values;
//   - IDs and texts of the Windows catalog, of products, and of known issues: where responses
//     have them, and then wherever they stand;
//   - error codes of Microsoft Graph, and messages that are the same for all tenants
//     (errors.txt);
//   - names of routes, properties, query options, and of operators and functions in
//     expressions; versions in paths; the hosts of Microsoft Graph, and all ports of this
//     machine as localhost.
//
// Wherever they stand, also in exchanges with other services, it keeps
//
//   - numbers of at most five digits in JSON and in URLs, or three below a name of a secret,
//     but not texts of digits in JSON;
//     true, false, null, and empty texts;
//   - names of members that are identifiers or literals in the source of the test, and names
//     in a path of [KeepMember];
//   - values that have the form of fakes.
//
// In requests it keeps, in addition, known values and names of types wherever they stand,
// and string literals in the Go files of the test's package: whole ones, and what stands in
// them between quotes, slashes, and verbs of fmt. A text that a response had before is not
// kept. What a test writes is in its source, for all who read the recording: names of
// devices and people in a literal are yours to publish. A text from a variable, a file, or a
// concatenation is not a literal. Later responses keep a literal that a request had.
//
// [KeepText] keeps a text and [KeepMember] a member, wherever you know more. Values of
// [Recorder.Secret] become their names.
//
// # What fakes look like
//
// Fakes have the shape of what they replace: text-1, user-1@contoso.example,
// 00000000-0000-4000-8000-000000000001, host-1.example, 2000000001 for numbers,
// 2000-01-01T00:00:01Z for times, token-1 for the values of unknown options in links,
// <p>text-1</p> for pages, and name-1 for names of members. GUIDs and addresses have no
// case.
//
// Texts that contain JSON, or that are encoded with percent signs, as base64, UTF-16, HTML,
// or JSON strings, up to five times, are decoded, redacted, and encoded again. Text that is
// encoded in another way, and a body that is neither JSON nor a form, are replaced as a
// whole. In links, and in expressions such as $filter, only values and unknown names are
// replaced.
//
// JSON is stored with sorted members, indented, and in UTF-8 without a byte order mark;
// several values have a line each. Compressed bodies are stored plain. Two recordings of the
// same exchanges differ only in the first line.
//
// # What is rejected
//
// If a request has anything else, the recording is not written, because a replay would send
// it and find a fake. The error names the exchange and the place. Write the text as one
// literal, take it from Recorder.Secret, or keep it. A literal that a response had before is
// rejected too: take it from the response. So is a request body that is not text. A text
// that the code puts together from values of responses and from literals is accepted.
//
// Then the secret check reads the final text, also what is encoded in it, up to four times.
// It rejects tokens, credentials, and private keys by their forms; values of members,
// fields, and attributes whose names end like those of secrets; users and passwords in URLs;
// GUIDs that are neither fakes nor IDs of the catalog; email addresses outside of
// contoso.example; values of Recorder.Secret; and texts of six characters or more that have
// a fake elsewhere. The error names the line and the kind, never the value. The rules are in
// secrets.txt. A literal that has none of these forms passes.
//
// Also rejected are bodies over 1 MiB as they are written and more than 200 exchanges
// ([AllowLarge] allows them), other compressions than gzip and deflate, URLs with Opaque, a
// recording without exchanges, and a file that has changed in the meantime or whose name
// differs from another one in case only.
//
// [Check] inspects existing recordings. Run it in a test:
//
//	require.NoError(t, recording.Check("."))
//
// # How requests are matched
//
// Requests match by method, URL, and body. The order of query options and JSON members,
// spaces, percent-encoding, line ends at the end of a body, and the case of GUIDs and hosts
// do not matter. Headers are not compared. Each exchange is used once; equal requests get
// their responses in the recorded order, so that polling works. [RequireOrder],
// [IgnoreMember], and [AllowUnused] change this.
//
// A replay numbers nothing and sends nothing: a request for a device that was not recorded
// is an error, and does not get another device's response.
//
// # Reading a mismatch
//
// A request that was not recorded is an error of the call, which names the operation in the
// usual way and is [ErrNotRecorded]. As errors are cut to one line in places, the test shows
// it in full when it ends:
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
// The nearest exchange is the one that the request was probably meant for: compare the two
// lines, or read the difference of the bodies. If the recorded request has a fake in place
// of a value, a line names the response that it comes from. "Is equal, but is used already"
// means that the code sends more requests than it did. Exchanges that are not used fail the
// test too, and are listed.
//
// A mismatch has a method NonRetriable. Clients that retry, this SDK and azcore among them,
// give up immediately.
//
// # Time
//
// A client waits for a recorded Retry-After, and between polls, when they are replayed too.
// In a bubble of testing/synctest waiting takes no time.
package recording
