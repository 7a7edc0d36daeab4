package recording

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
)

// decompressed is a body as its reader understands it. Transports undo gzip
// themselves unless the caller has asked for it.
func decompressed(encoding string, body []byte, large bool) ([]byte, error) {
	encoding = strings.ToLower(strings.TrimSpace(encoding))
	if encoding == "" || encoding == "identity" || len(body) == 0 {
		return body, nil
	}
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
		return nil, errors.New("its body is larger than 1 MiB, which is refused unless recording.AllowingLarge allows it")
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
	return nil, errors.New("only gzip and deflate can be undone")
}
