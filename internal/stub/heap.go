package stub

import (
	"runtime"
	"runtime/metrics"
	"sync/atomic"
)

// HeapFor is the most heap that reading a body of this size may take.
func HeapFor(body int) uint64 { return uint64(20*body) + 32<<20 }

// PeakHeap returns how much the heap has grown at most while a function ran. Nothing else
// may run in the process.
func PeakHeap(run func()) uint64 {
	before, done, peak := LiveHeap(), atomic.Bool{}, make(chan uint64)
	go func() {
		highest := before
		for !done.Load() {
			highest = max(highest, heap())
			runtime.Gosched()
		}
		peak <- highest
	}()
	run()
	done.Store(true)
	return <-peak - before
}

// LiveHeap returns how much of the heap is in use, without garbage and without what pools keep.
func LiveHeap() uint64 {
	runtime.GC() // twice, as pools keep what they have for one more
	runtime.GC()
	return heap()
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
