using System.Diagnostics;
using System.Globalization;

namespace Weld.Linker.Reports;

/// <summary>The table of <c>--stats</c>: the time of each stage, how many bytes of input or output a second that makes, and how much there was to do.</summary>
public static class StatsReport
{
    public static void Write(TimeRecorder times, LinkCounts counts, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(output);
        TimedWork whole = times.Work[^1];
        output.WriteLine("stage                  ms      %       MB     MB/s");
        // Stages are the parts of the whole link; what is deeper is for the time trace.
        foreach (TimedWork work in times.Work)
            if (work.Depth <= 1 && work.Thread == whole.Thread)
                Write(output, work, whole, counts);
        Write(output, "files read", counts.Files);
        Write(output, "input bytes", counts.InputBytes);
        Write(output, "objects", counts.Objects);
        Write(output, "  linked", counts.LinkedObjects);
        Write(output, "  from archives", counts.ExtractedMembers);
        Write(output, "symbols", counts.Symbols);
        Write(output, "functions", counts.Functions);
        Write(output, "  kept", counts.LiveFunctions);
        Write(output, "data segments", counts.Segments);
        Write(output, "  kept", counts.LiveSegments);
        Write(output, "output bytes", counts.OutputBytes);
        using var process = Process.GetCurrentProcess();
        Write(output, "peak memory", process.PeakWorkingSet64);
    }

    private static void Write(TextWriter output, TimedWork work, TimedWork whole, LinkCounts counts)
    {
        // The last stages know what is kept; to the others, and to who waits for the link, the inputs matter.
        bool isOutput = work.Name is "Image" or "Commit";
        double megabytes = (isOutput ? counts.OutputBytes : counts.InputBytes) / 1e6;
        double milliseconds = Milliseconds(work.Duration);
        double rate = milliseconds == 0 ? 0 : megabytes / milliseconds * 1000;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{work.Name,-16} {milliseconds,8:0.000} {100.0 * work.Duration / Math.Max(whole.Duration, 1),6:0.0} {megabytes,8:0.0} {rate,8:0.0} {(isOutput ? "out" : "in")}"));
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private static void Write(TextWriter output, string name, long value) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {value,12}"));
}
