package conformance

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.uber.org/zap/zapcore"
	"istio.io/istio/pkg/log"
)

// A journal holds the warnings and errors that Istio's code logs, each once.
type journal struct {
	mu    sync.Mutex
	lines map[string]bool
	run   int // of which the lines are; an istiod that has ended may still log
}

var logged = &journal{lines: map[string]bool{}}

// keepLogs has Istio's code log to the journal and nowhere else.
func keepLogs() error {
	options := log.DefaultOptions()
	options.OutputPaths = nil
	return log.Configure(options.WithExtension(func(zapcore.Core) (zapcore.Core, func() error, error) {
		return logged, func() error { return nil }, nil
	}))
}

// taken ends a run.
func (j *journal) taken() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := slices.Sorted(maps.Keys(j.lines))
	j.lines = map[string]bool{}
	j.run++
	return lines
}

// mark gives the words by which lines of this run are known, where others may repeat them.
func (j *journal) mark() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return fmt.Sprintf(" {%d}", j.run)
}

var marks = regexp.MustCompile(` \{\d+\}`)

// Write keeps a line without what is another one on each run.
func (j *journal) Write(entry zapcore.Entry, _ []zapcore.Field) error {
	message, mark := entry.Message, marks.FindString(entry.Message)
	if entry.Level < zapcore.WarnLevel || ofTests.MatchString(message) || mark != "" && mark != j.mark() {
		return nil
	}
	message = marks.ReplaceAllString(message, "")
	for _, part := range changing {
		message = part.pattern.ReplaceAllString(message, part.instead)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines[strings.Join(strings.Fields(message), " ")] = true
	return nil
}

func (j *journal) Enabled(level zapcore.Level) bool  { return level >= zapcore.WarnLevel }
func (j *journal) With([]zapcore.Field) zapcore.Core { return j }
func (j *journal) Sync() error                       { return nil }
func (j *journal) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if j.Enabled(entry.Level) {
		return checked.AddCore(entry, j)
	}
	return checked
}

// ofTests are lines of an istiod that ends with its test, or whose proxies are none, and lines of what is computed in
// steps before all is there. One whose API server is behind a proxy that is not there goes on asking when it has ended.
var ofTests = regexp.MustCompile(`^sync failed|^Timed out waiting for remote config source|^buildInboundListeners: |` +
	`^failed to get proxy service targets|^remote cluster \S+ (failed to sync$|is timed out, omitting)|` +
	`^No network gateway found|^No gateways found|^could not find GatewayClass|proxyconnect tcp: `)

// changing are the parts of lines that are others on each run.
var changing = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(attempt|time)=\S+`), ""},
	{regexp.MustCompile(`will continue to be treated as part of \S+`), "will continue to be treated as part of one of them"},
}
