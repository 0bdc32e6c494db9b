using System.Text.Json;
using Weld.UnitTests.Options;
using Xunit;

namespace Weld.UnitTests.Reports;

public sealed class TimeReportTests
{
    private static readonly string[] Stages = ["Inputs", "Resolution", "Liveness", "Planning", "Image", "Commit"];

    [Fact]
    public void Stats_list_the_stages_in_order_and_count_what_there_was()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$a.o $libh.a -o $out --stats");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["stage", .. Stages, "Link"], lines[..8].Select(line => line.Split(' ')[0]));
        string[] inputs = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] commit = lines[6].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((6, "in", 6, "out"), (inputs.Length, inputs[^1], commit.Length, commit[^1]));
        Assert.Equal("2", Value(lines, "files read"));
        Assert.Equal("4", Value(lines, "objects"));
        Assert.Equal("3", Value(lines, "  linked"));
        Assert.Equal("2", Value(lines, "  from archives"));
        Assert.Equal($"{new FileInfo(directory["a.o"]).Length + new FileInfo(directory["libh.a"]).Length}", Value(lines, "input bytes"));
        Assert.Equal($"{new FileInfo(directory["out"]).Length}", Value(lines, "output bytes"));
        Assert.True(long.Parse(Value(lines, "peak memory")) > 1_000_000);
    }

    [Fact]
    public void Stats_of_a_failed_link_say_how_far_it_came()
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, "$h.o --no-entry --export=helper -o $out --stats");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\nPlanning ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nImage ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--time-trace=$trace", "trace")]
    [InlineData("--time-trace", "out.time-trace")]
    public void The_time_trace_is_json_with_nested_stages(string option, string file)
    {
        using TempDirectory directory = ReportFixture.Write();
        LinkerRun run = ReportRun.Weld(directory, $"$a.o $libh.a -o $out {option} --time-trace-granularity=0");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(directory[file]));
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => e.GetProperty("ph").GetString() == "X")];
        JsonElement link = events.Single(e => Name(e) == "Link");
        foreach (string stage in Stages)
        {
            JsonElement found = events.Single(e => Name(e) == stage);
            Assert.True(Start(found) >= Start(link) && End(found) <= End(link) + 1);
        }
        Assert.Equal(directory["a.o"], events.First(e => Name(e) == "Parse").GetProperty("args").GetProperty("detail").GetString());
    }

    [Fact]
    public void Short_times_are_left_out_of_the_trace()
    {
        using TempDirectory directory = ReportFixture.Write();
        ReportRun.Weld(directory, "$a.o $libh.a -o $out --time-trace=$trace --time-trace-granularity=3600000000");
        Assert.DoesNotContain("\"X\"", File.ReadAllText(directory["trace"]), StringComparison.Ordinal);
    }

    private static string Value(string[] lines, string name) => lines.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

    private static string? Name(JsonElement e) => e.GetProperty("name").GetString();

    private static long Start(JsonElement e) => e.GetProperty("ts").GetInt64();

    private static long End(JsonElement e) => Start(e) + e.GetProperty("dur").GetInt64();
}
