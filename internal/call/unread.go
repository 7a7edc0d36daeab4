package call

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
)

var inBrackets = regexp.MustCompile(`\[\d+\]`)

// warnUnread logs the names of properties that were of a wrong type and are in Extra. For a list it
// does so once, as all of its items are most likely alike.
func (c *Client) warnUnread(ctx context.Context, rec *record) {
	if len(rec.unread) == 0 || rec.op.warned != nil && rec.op.warned.Swap(true) {
		return
	}
	names := make([]string, len(rec.unread))
	for i, path := range rec.unread {
		names[i] = strings.TrimPrefix(inBrackets.ReplaceAllString(path, ""), "value.")
	}
	c.config.Logger.LogAttrs(ctx, slog.LevelWarn, "unread properties", slog.String("op", rec.op.Name),
		slog.Any("properties", names),
		slog.String("client_request_id", rec.clientRequestID), slog.String("request_id", short(rec.header.Get("request-id"))))
}
