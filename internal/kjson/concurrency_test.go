package kjson

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Run with the race detector.
func TestManyGoroutinesReadAndWrite(t *testing.T) {
	t.Parallel()
	writers := NewSerializationWriterFactory()
	require.NoError(t, sixteenTimes(func(id string) error {
		content, err := written(writers, entity(id))
		if err != nil {
			return err
		}
		item, err := Read(content, models.CreateEntityFromDiscriminatorValue)
		if err != nil {
			return err
		}
		if got := idOf(item.(models.Entityable)); got != id {
			return fmt.Errorf("%s became %s", id, got)
		}
		return nil
	}))
}

// Contents stay as they are while other writers use the memory of those that made
// them.
func TestContentsOutliveTheirWriters(t *testing.T) {
	t.Parallel()
	var contents sync.Map
	require.NoError(t, sixteenTimes(func(id string) error {
		content, err := written(NewSerializationWriterFactory(), entity(id))
		contents.Store(id, content)
		return err
	}))
	for id, content := range contents.Range {
		requireText(t, fmt.Sprintf(`{"id":%q}`, id), content.([]byte))
	}
}

// sixteenTimes does the same in 16 goroutines, 50 times each with its own id.
func sixteenTimes(do func(id string) error) error {
	var group sync.WaitGroup
	errs := make([]error, 16)
	for g := range errs {
		group.Go(func() {
			for i := range 50 {
				errs[g] = errors.Join(errs[g], do(fmt.Sprintf("%d-%d", g, i)))
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
