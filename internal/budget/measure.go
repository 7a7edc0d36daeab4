//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cost is what one program costs.
type cost struct {
	cold, warm, test usage
	binary           float64 // MB, without symbols
	modules          int
	packages         int
}

// usage is what a command used, with all processes that it started.
type usage struct {
	cpu       time.Duration
	megabytes float64 // of the largest process
}

// builds are those of the program in a folder of this module, with a build cache that
// is empty at first.
type builds struct{ cache, folder string }

func (m builds) measure(ctx context.Context) (cost, error) {
	var c cost
	for _, step := range []func(context.Context, *cost) error{m.cold, m.warm, m.test, m.size, m.links} {
		if err := step(ctx, &c); err != nil {
			return cost{}, err
		}
	}
	return c, nil
}

func (m builds) cold(ctx context.Context, c *cost) (err error) {
	c.cold, err = m.build(ctx)
	return err
}

func (m builds) build(ctx context.Context) (usage, error) {
	return m.run(ctx, "build", "-o", m.binary(), m.folder)
}

// warm builds again after a change of the program, which an overlay makes.
func (m builds) warm(ctx context.Context, c *cost) error {
	overlay, err := m.change()
	if err == nil {
		c.warm, err = m.run(ctx, "build", "-overlay", overlay, "-o", m.binary(), m.folder)
	}
	return err
}

func (m builds) change() (overlay string, err error) {
	source, err := filepath.Abs(filepath.Join(m.folder, "main.go"))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(source)
	if err != nil {
		return "", err
	}
	changed := m.cache + ".main.go"
	if err := os.WriteFile(changed, append(text, "\nfunc init() { println(1) }\n"...), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {source: changed}})
	if err != nil {
		return "", err
	}
	overlay = m.cache + ".json"
	return overlay, os.WriteFile(overlay, list, 0o600)
}

func (m builds) test(ctx context.Context, c *cost) (err error) {
	c.test, err = m.run(ctx, "test", m.folder)
	return err
}

func (m builds) size(ctx context.Context, c *cost) error {
	if _, err := m.run(ctx, "build", "-ldflags=-s -w", "-o", m.binary(), m.folder); err != nil {
		return err
	}
	info, err := os.Stat(m.binary())
	if err == nil {
		c.binary = float64(info.Size()) / 1e6
	}
	return err
}

// links counts what is linked besides the standard library and the program itself.
func (m builds) links(ctx context.Context, c *cost) error {
	output, err := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", m.folder).Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	modules := strings.Fields(string(output))
	c.packages = len(modules) - 1
	slices.Sort(modules)
	c.modules = len(slices.Compact(modules))
	return nil
}

func (m builds) binary() string { return m.cache + ".program" }

func (m builds) run(ctx context.Context, args ...string) (usage, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "GOCACHE="+m.cache, "GOFLAGS=")
	if output, err := command.CombinedOutput(); err != nil {
		return usage{}, fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, output)
	}
	state := command.ProcessState
	used := usage{cpu: state.UserTime() + state.SystemTime()}
	if system, ok := state.SysUsage().(*syscall.Rusage); ok {
		used.megabytes = float64(system.Maxrss) / 1e3
		if runtime.GOOS == "darwin" {
			used.megabytes /= 1e3 // bytes there, kilobytes elsewhere
		}
	}
	return used, nil
}
