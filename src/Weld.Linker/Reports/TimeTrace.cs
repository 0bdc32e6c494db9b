using System.Diagnostics;
using System.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Linker.Reports;

/// <summary>The file of <c>--time-trace</c>, in the format that Chrome's tracing page, Perfetto and speedscope read.</summary>
public static class TimeTrace
{
    public static void Write(TimeRecorder times, LinkOptions options, TextWriter output, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(options);
        var json = new StringBuilder("{\"traceEvents\":[");
        foreach (TimedWork work in times.Work.OrderBy(work => work.Start))
            if ((ulong)Microseconds(work.Duration) >= options.TimeTraceGranularity)
                AppendEvent(json, work, times.Origin);
        json.Append("\n{").AppendMember("ph", "M").AppendMember("pid", 1).AppendMember("tid", 0).AppendMember("name", "process_name")
            .Append("\"args\":{").AppendMember("name", "weld").End('}').Append("},");
        json.End(']').Append(",\"displayTimeUnit\":\"ms\"}\n");
        ReportFile.Write(options.TimeTraceFile!, json, output, "cannot open time trace file", diagnostics);
    }

    private static void AppendEvent(StringBuilder json, TimedWork work, long origin)
    {
        json.Append("\n{").AppendMember("ph", "X").AppendMember("pid", 1).AppendMember("tid", work.Thread)
            .AppendMember("ts", Microseconds(work.Start - origin)).AppendMember("dur", Microseconds(work.Duration)).AppendMember("name", work.Name);
        if (work.Detail is not null)
            json.Append("\"args\":{").AppendMember("detail", work.Detail).End('}').Append(',');
        json.End('}').Append(',');
    }

    private static long Microseconds(long ticks) => (long)(ticks * 1_000_000.0 / Stopwatch.Frequency);
}
