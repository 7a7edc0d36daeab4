package recording

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// decompressed is a body as its reader understands it. Transports undo gzip themselves unless the caller has
// asked for it. Content that is still compressed is rejected, because it cannot be inspected.
func decompressed(header http.Header, body []byte, large bool) ([]byte, error) {
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ",")))
	if encoding != "" && encoding != "identity" && len(body) > 0 {
		var err error
		if body, err = unpacked(encoding, body, large); err != nil {
			return nil, err
		}
	}
	if isPacked(body) {
		return nil, errors.New("its body is gzip, zip or zlib without a Content-Encoding that says so, which cannot be inspected")
	}
	return body, nil
}

func unpacked(encoding string, body []byte, large bool) ([]byte, error) {
	from, err := decoder(encoding, body)
	if err != nil {
		return nil, fmt.Errorf("its body cannot be read as its Content-Encoding says: %w", err)
	}
	if !large {
		from = io.LimitReader(from, largestBody+1)
	}
	plain, err := io.ReadAll(from)
	if err != nil {
		return nil, fmt.Errorf("its body cannot be read as its Content-Encoding says: %w", err)
	}
	if !large && len(plain) > largestBody {
		return nil, errors.New("its body is larger than 1 MiB, " + unlessAllowed)
	}
	return plain, nil
}

func decoder(encoding string, body []byte) (io.Reader, error) {
	switch encoding {
	case "gzip", "x-gzip":
		return gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		return zlib.NewReader(bytes.NewReader(body))
	}
	return nil, errors.New("a body with several encodings cannot be decoded")
}

// isPacked is whether a body begins as gzip, zip or zlib does. Texts may begin as
// the last one.
func isPacked(body []byte) bool {
	for _, magic := range []string{"\x1f\x8b", "PK\x03\x04"} {
		if bytes.HasPrefix(body, []byte(magic)) {
			return true
		}
	}
	return len(body) > 1 && body[0] == 'x' && bytes.IndexByte([]byte("\x01\x5e\x9c\xda"), body[1]) >= 0 &&
		!utf8.Valid(body)
}
