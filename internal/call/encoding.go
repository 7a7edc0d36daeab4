package call

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"net/http"
	"strings"
)

var (
	gzipMark      = []byte{0x1f, 0x8b} // no JSON begins with it
	byteOrderMark = []byte("\ufeff")
)

// readDecoded reads a body, without gzip and without a byte order mark. net/http decodes gzip unless the transport
// or something around it has asked for it; then the body arrives as it is.
func readDecoded(most int64, resp *http.Response) ([]byte, error) {
	body, err := readUpTo(most, resp.Body, resp.ContentLength)
	if bytes.HasPrefix(body, gzipMark) {
		var unpackErr error
		body, unpackErr = unpack(most, body)
		err = cmp.Or(err, unpackErr)
	}
	return bytes.TrimPrefix(body, byteOrderMark), err
}

// unpack decodes no more than most bytes.
func unpack(most int64, body []byte) ([]byte, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return readUpTo(most, unpacked, 0)
}

// encodingLeft is the encoding of a response that was not decoded; empty for none.
func encodingLeft(header http.Header) string {
	encoding := header.Get("Content-Encoding")
	switch strings.ToLower(encoding) {
	case "identity", "gzip", "x-gzip":
		return ""
	}
	return encoding
}
