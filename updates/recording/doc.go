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
// This test replays testdata/recordings/TestPauseFaulty.txtar. A client of another
// kind uses http.Client{Transport: rec.Transport()}. Programs use [Record] and
// [Replay] instead of [Open].
//
// # Recording on a real tenant
//
// Say who signs in, in the test or in a function that all tests share, and take
// from [Recorder.Secret] what belongs to your tenant:
//
//	// An error leaves cred nil, as it is at replay, where it is not needed.
//	cred, _ := auth.DeviceCode(cloud.Public, os.Getenv("TENANT"), os.Getenv("CLIENT"), show)
//	rec := recording.Open(t, recording.WithCredential(cred))
//
// Then run the test once with the variable [EnvVar], a regular expression on
// names of tests, and with one variable for each secret, in the folder of the test.
// -count=1 keeps the go command from showing an earlier result instead:
//
//	UPDATES_SECRET_DEPLOYMENT=… UPDATES_RECORD='^TestPauseFaulty$' go test -count=1 -run '^TestPauseFaulty$' .
//
// The file is written when the test has passed; a test that fails, is skipped or
// panics leaves it as it was. Requests that stayed without an answer, as when a
// connection breaks, are not in it: a log of the test counts them, and a replay,
// which has no answer to them, fails. Read the file before you commit it: it is text.
// A test that builds times takes the present from [Recorder.Now], so that they match
// when replayed.
//
// # Recording on the simulator
//
// Options that are about recording do nothing at replay, so a test can be
// recorded anew by everyone:
//
//	service := simulator.New(nil)
//	rec := recording.Open(t,
//		recording.WithTransport(service.Transport()),
//		recording.WithCredential(service.Credential()),
//		recording.WithNote("made on the simulator"))
//
// Ids that begin with 00000000-0000-4000-8000- tell nothing and stay as they are, so
// that such a test needs no secrets. What it does to the simulator besides, it does
// when replayed too, where nobody looks at it. What needs an id from an answer would
// fail there; [Recorder.IsRecording] tells when to do it:
//
//	if rec.IsRecording() {
//		require.NoError(t, service.ReportRollback(d.ID, device))
//	}
//
// In a bubble of testing/synctest the simulator and the recorder have the time of the
// bubble, so that recording again gives the same file. Pauses of code that polls vary
// at random: where times in answers or the number of requests depend on them, make
// them short or long enough that they do not.
//
// # What a recording has
//
// Of the headers, a recording has the Content-Type of both sides, Retry-After in
// seconds, Location, and a fake request-id. Everything else stays out, above all
// Authorization. Tokens are requested elsewhere and never seen. In URLs and
// bodies
//
//   - values of [Recorder.Secret] become their names;
//   - GUIDs are numbered by first appearance, 00000000-0000-4000-8000-000000000001 and
//     so on, save the ids of catalog entries;
//   - user names become user-1@contoso.example, and their domains and those below
//     onmicrosoft.com contoso.example;
//   - names that people of the tenant chose, such as displayName outside of the
//     catalog, become name-1; they stay where the test itself wrote them before it
//     read them;
//   - tokens of pages become token-1, in the link and in the request that follows it;
//   - all ports of this machine are localhost.
//
// JSON is stored with sorted members, indented, with its numbers as they are;
// compressed bodies are stored plain; what is no text is stored as base64. So two
// recordings of the same exchanges differ in their first line only, which has the time
// and the names of the secrets, provided that the service's times are the same. What
// the code under test gets while recording is what the service sent.
//
// # What is refused
//
// The final text is inspected before it is written, also for what is encoded in it
// by percent signs, JSON escapes, HTML, UTF-16 or base64. Nothing is written when it
// has JSON web tokens, bearer tokens and Authorization headers of 16 characters or
// more, client secrets, passwords or keys by their names, certificates, shared access
// signatures, GUIDs that are neither fakes nor ids of the catalog, e-mail addresses,
// domains of tenants, or a value of [Recorder.Secret]; and when a name or a token of
// 6 characters or more that has a fake is left anywhere. The error names the line
// and the kind, and never the value.
//
// A request may have only GUIDs, user names and tokens that an answer before it had,
// as the code could not ask for the fake otherwise. Take others from
// [Recorder.Secret]; refused are also bodies over 1 MiB as they are written and more
// than 200 exchanges ([AllowLarge] allows them), bodies in another compression
// than gzip and deflate, URLs with Opaque, and a recording without exchanges. [Check]
// inspects recordings that are there already; run it in a test:
//
//	require.NoError(t, recording.Check("."))
//
// This recognises secrets by their form. It does not see what has none, or another
// one: a name in free text that is no displayName elsewhere, domains and host names
// that no e-mail address has, phone numbers, keys under names of your own, what is
// written in hexadecimal, encrypted, packed in a file within a body, or encoded more
// than three times. Take it from [Recorder.Secret], and read what you commit.
//
// # How requests are matched
//
// By method, URL and body: the order of query options and JSON members, spaces and
// percent-encoding, and the case of GUIDs and hosts do not matter. Headers are not
// compared. A body of multipart has a boundary that is made at random: give it one of
// your own with SetBoundary of [mime/multipart.Writer]. Each exchange answers once;
// equal requests get their answers in the recorded order, so loops that poll work.
// [RequireOrder], [IgnoreMember] and [AllowUnused] change this.
//
// Nothing is numbered and nothing is sent when replaying: asking for a device
// that was never recorded is an error, and does not get another device's answer.
//
// # Reading a mismatch
//
// A request that was not recorded is an error of the call, which names the operation
// in the usual way and is [ErrNotRecorded]. As errors are cut to one line in places,
// the test shows it in full when it ends:
//
//	recording: testdata/recordings/TestCreate.txtar has no answer to this request
//	  asked:    POST graph.microsoft.com/beta/admin/windows/updates/deployments
//	  unused:   1 of 2 exchanges
//	  nearest:  02 POST graph.microsoft.com/beta/admin/windows/updates/deployments
//	            has another body (- recorded, + asked):
//	              "settings": {
//	            -   "devicesPerOffer": 100
//	            +   "devicesPerOffer": 1000
//	              }
//	  If the new request is right, record it with: UPDATES_RECORD='^TestCreate$' go test -count=1 -run '^TestCreate$' .
//
// The nearest exchange is the one that the request was probably meant for: compare
// the two lines, or read the difference of the bodies. "Is equal, but was asked
// for already" means that the code asks more often than it did. Exchanges that
// nobody asked for fail the test too, and are listed.
//
// The error of a mismatch has a method NonRetriable. Clients that retry and look for
// it, this SDK and azcore among them, give up at once.
//
// # Time
//
// A recorded Retry-After is honoured by the client when it is replayed, and so are
// the pauses of code that polls. In a bubble of testing/synctest they take no time.
package recording
