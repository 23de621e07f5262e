//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"time"
)

// table compares with what people know, and says where that ends.
func (b *benchmark) table() error {
	vet := func(n int) command {
		return command{args: []string{b.at("cue"), "vet", "-c", "-d", "#Topology", b.at("schema.cue"), b.topology(n)}}
	}
	copied := func(n int) command {
		return command{args: []string{"cp", "-r", b.tree(n), b.at("copy")}, fresh: b.at("copy")}
	}
	rendered := func(n int) command {
		c := b.render(n, b.at("rendered"))
		c.fresh = b.at("rendered")
		return c
	}
	unchanged := func(n int) command { return b.render(n, b.tree(n)) }
	diff := func(n int) command { return b.meshtopo("diff", "-o", b.tree(n), b.topology(n)) }

	fmt.Println("| what | wall | CPU | peak MiB | beside | wall | ratio | at most |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, row := range []struct {
		name, beside string
		one, other   command
		limit        float64
		runs         int // short ones are run more often
	}{
		{"validate 3", "cue vet -c", b.meshtopo("validate", b.topology(3)), vet(3), 0.8, 5},
		{"render 3", "cue vet -c", rendered(3), vet(3), 1, 5},
		{"fn 3", "cue vet -c", b.function(3), vet(3), 0, 5},
		{"validate 100", "cue vet -c", b.meshtopo("validate", b.topology(100)), vet(100), 0, 1},
		{"render 100", "cp -r", rendered(100), copied(100), 4, 1},
		{"unchanged render 100", "cp -r", unchanged(100), copied(100), 0, 1},
		{"unchanged diff 100", "render 100", diff(100), rendered(100), 1, 1},
		{"render 300", "cp -r", rendered(300), copied(300), 2.5, 1},
		{"unchanged diff 300", "render 300", diff(300), rendered(300), 1, 1},
	} {
		a, z, ratio, err := b.pair(row.runs*b.runs, row.one, row.other)
		if err != nil {
			return err
		}
		limit := "–"
		if row.limit > 0 {
			limit = fmt.Sprint(row.limit)
		}
		fmt.Printf("| %s | %s | %s | %.1f | %s | %s | **%.2f** | %s |\n",
			row.name, round(a.wall), round(a.cpu), a.peak, row.beside, round(z.wall), ratio, limit)
	}
	return nil
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// growth says how time and memory grow with the fleet. Of each time the start of the process is taken off, which is
// all of it for a small fleet and would hide what grows.
func (b *benchmark) growth() error {
	start, err := b.repeat(b.meshtopo("version"))
	if err != nil {
		return err
	}
	fmt.Println("\n| clusters | files | MB | validate, CPU | a cluster | render, CPU | beyond validate, a MB | peak MiB, validate / render |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	var clusters, bytes, loads, writes []float64
	for _, n := range sizes {
		validate, err := b.repeat(b.meshtopo("validate", b.topology(n)))
		if err != nil {
			return err
		}
		out := b.at("rendered")
		render, err := b.repeat(command{args: b.render(n, out).args, fresh: out})
		if err != nil {
			return err
		}
		files, size, err := measure(out)
		if err != nil {
			return err
		}
		load, write := validate.cpu-start.cpu, render.cpu-validate.cpu
		mb := float64(size) / 1e6
		fmt.Printf("| %d | %d | %.1f | %s | %s | %s | %s | %.1f / %.1f |\n", n, files, mb, round(validate.cpu),
			round(load/time.Duration(n)), round(render.cpu), round(time.Duration(float64(write)/mb)), validate.peak, render.peak)
		if n >= 10 {
			clusters, bytes = append(clusters, float64(n)), append(bytes, float64(size))
			loads, writes = append(loads, float64(load)), append(writes, float64(write))
		}
	}
	fmt.Printf("\nExponents from 10 to 300 clusters, of CPU time: load and validate %.2f by clusters, render and write %.2f by bytes.\n",
		exponent(clusters, loads), exponent(bytes, writes))
	return nil
}

// measure counts the files below a directory and their bytes.
func measure(dir string) (files int, size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files, size = files+1, size+info.Size()
		return nil
	})
	return files, size, err
}

// exponent fits y = c·x^k, by least squares of the logarithms, and gives k.
func exponent(xs, ys []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range xs {
		x, y := math.Log(xs[i]), math.Log(ys[i])
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	n := float64(len(xs))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
