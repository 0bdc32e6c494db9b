namespace Weld.OracleTests.Modules;

/// <summary>Compares wasm-ld's module with weld's by what they mean, so that padded numbers or another
/// numbering of types are not differences, and everything that a host or a debugger can see is.</summary>
public sealed class ModuleDiff
{
    private readonly Module _expected;
    private readonly Module _actual;
    private readonly List<Difference> _differences = [];

    private ModuleDiff(Module expected, Module actual)
    {
        _expected = expected;
        _actual = actual;
    }

    public static IReadOnlyList<Difference> Compare(Module expected, Module actual)
    {
        var diff = new ModuleDiff(expected, actual);
        if (!expected.Bytes.AsSpan().SequenceEqual(actual.Bytes))
            diff.Run();
        return diff._differences;
    }

    private void Run()
    {
        Lists(DifferenceKind.SectionOrder, "sections", module => module.Sections.Select(section => section.ToString()));
        Lists(DifferenceKind.Types, "signatures", module => module.Types);
        Lists(DifferenceKind.Imports, "imports", module => module.Imports.Select(entity => $"{entity.Kind} {entity.Import} {entity.Type}"));
        Lists(DifferenceKind.Exports, "exports", module => module.Exports.Select(export => $"{export.Kind} {export.Name} = {Target(module, export)}"));
        Lists(DifferenceKind.Memory, "memories", module => module.Memories.Select(Describe));
        Lists(DifferenceKind.Table, "tables", module => module.Tables.Select(Describe));
        Lists(DifferenceKind.Tags, "tags", module => module.Tags.Select(Describe));
        Lists(DifferenceKind.Globals, "globals", module => module.Globals.Select(Describe));
        Lists(DifferenceKind.Start, "start function", module => module.Start is int start ? [module.FunctionLabel((uint)start)] : []);
        Lists(DifferenceKind.Elements, "element segments", module => module.Elements.SelectMany(Lines));
        Functions();
        Lists(DifferenceKind.DataSegments, "segments", module => module.Data.Select((segment, index) => $"{segment.Name ?? $"data[{index}]"} {segment.Mode} {segment.OffsetText} size {segment.Bytes.Length}")
            .Append($"data count {module.DataCount}"));
        Image();
        Lists(DifferenceKind.Names, "name section", NameReader.Lines);
        Lists(DifferenceKind.Linking, "linking section", LinkingReader.Lines);
        Lists(DifferenceKind.SegmentFlags, "segment flags", LinkingReader.SegmentFlags);
        CustomSections();
        if (_actual.Bytes.Length > _expected.Bytes.Length)
            Report(DifferenceKind.FileSize, "file", $"{_expected.Bytes.Length} bytes", $"{_actual.Bytes.Length} bytes");
    }

    private void Report(DifferenceKind kind, string place, string expected, string actual) =>
        _differences.Add(new Difference(kind, place, expected, actual));

    /// <summary>Missing and extra lines; when there are none, the first place where the order differs.</summary>
    private void Lists(DifferenceKind kind, string place, Func<Module, IEnumerable<string>> lines)
    {
        string[] expected = [.. lines(_expected)];
        string[] actual = [.. lines(_actual)];
        if (expected.SequenceEqual(actual))
            return;
        string[] missing = [.. Without(expected, actual)];
        string[] extra = [.. Without(actual, expected)];
        foreach (string line in missing)
            Report(kind, $"{place} missing {line}", line, "nothing");
        foreach (string line in extra)
            Report(kind, $"{place} extra {line}", "nothing", line);
        if (missing.Length + extra.Length == 0)
        {
            int first = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
            Report(kind, $"{place} order at {first}", expected[first], actual[first]);
        }
    }

    private static IEnumerable<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
    {
        Dictionary<string, int> counts = others.GroupBy(line => line).ToDictionary(group => group.Key, group => group.Count());
        foreach (string line in lines)
        {
            if (counts.GetValueOrDefault(line) == 0)
                yield return line;
            else
                counts[line]--;
        }
    }

    private static string Target(Module module, Export export) => export.Kind switch
    {
        "func" => module.FunctionLabel(export.Index),
        "global" => Describe(module.Globals[(int)export.Index]),
        "table" => Describe(module.Tables[(int)export.Index]),
        "memory" => Describe(module.Memories[(int)export.Index]),
        _ => module.Tags[(int)export.Index].Label,
    };

    private static string Describe(Entity entity) =>
        $"{entity.Label} {entity.Type}" + (entity.Import is null ? "" : $" import {entity.Import}") + (entity.Initializer is null ? "" : $" = {entity.Initializer}");

    private static IEnumerable<string> Lines(ElementSegment segment) =>
        segment.Items.Select((item, index) => $"slot {segment.Offset + index}: {item}").Prepend($"{segment.Mode} {segment.Type} at {segment.Offset} with {segment.Items.Count}");

    private void Functions()
    {
        int before = _differences.Count;
        Lists(DifferenceKind.FunctionSet, "functions", module => module.Functions.Select(function => $"{function.Label} {function.Type}").Order(StringComparer.Ordinal));
        if (_differences.Count == before)
            Lists(DifferenceKind.FunctionOrder, "functions", module => module.Functions.Select(function => function.Label));

        Dictionary<string, Function> actual = _actual.Functions.ToDictionary(function => function.Label);
        foreach (Function function in _expected.Functions)
        {
            if (actual.TryGetValue(function.Label, out Function? other))
                Bodies(function, other);
        }
    }

    private void Bodies(Function expected, Function actual)
    {
        string expectedBody = ModuleReader.Body(_expected, expected);
        string actualBody = ModuleReader.Body(_actual, actual);
        if (expectedBody == actualBody)
            return;
        string[] expectedLines = expectedBody.Split('\n');
        string[] actualLines = actualBody.Split('\n');
        int first = expectedLines.Zip(actualLines).TakeWhile(pair => pair.First == pair.Second).Count();
        Report(DifferenceKind.FunctionBody, $"{expected.Label} instruction {first}", expectedLines.ElementAtOrDefault(first) ?? "end", actualLines.ElementAtOrDefault(first) ?? "end");
    }

    /// <summary>Memory as it is after instantiation, whatever segments it came from; passive bytes by segment.</summary>
    private void Image()
    {
        (long expectedStart, byte[] expected) = ActiveImage(_expected);
        (long actualStart, byte[] actual) = ActiveImage(_actual);
        if (expectedStart != actualStart || expected.Length != actual.Length)
            Report(DifferenceKind.DataImage, "extent", $"{expectedStart}+{expected.Length}", $"{actualStart}+{actual.Length}");
        else if (expected.AsSpan().CommonPrefixLength(actual) is int common && common < expected.Length)
            Report(DifferenceKind.DataImage, $"address {expectedStart + common}", Hex(expected, common), Hex(actual, common));

        List<DataSegment> passive = [.. _expected.Data.Where(segment => !IsConstant(segment))];
        List<DataSegment> otherPassive = [.. _actual.Data.Where(segment => !IsConstant(segment))];
        foreach ((DataSegment segment, DataSegment other) in passive.Zip(otherPassive))
        {
            int same = segment.Bytes.AsSpan().CommonPrefixLength(other.Bytes);
            if (same < segment.Bytes.Length || same < other.Bytes.Length)
                Report(DifferenceKind.DataImage, $"{segment.Mode} segment {segment.Name} + {same}", Hex(segment.Bytes, same), Hex(other.Bytes, same));
        }
    }

    private static bool IsConstant(DataSegment segment) => segment.OffsetText.Contains(".const", StringComparison.Ordinal) && !segment.OffsetText.Contains(';');

    private static (long Start, byte[] Bytes) ActiveImage(Module module)
    {
        DataSegment[] active = [.. module.Data.Where(segment => IsConstant(segment) && segment.Bytes.Length > 0)];
        if (active.Length == 0)
            return (0, []);
        long start = active.Min(segment => segment.Offset);
        byte[] image = new byte[active.Max(segment => segment.Offset + segment.Bytes.Length) - start];
        foreach (DataSegment segment in active)
            segment.Bytes.CopyTo(image, segment.Offset - start);
        return (start, image);
    }

    private static string Hex(byte[] bytes, int position) => Convert.ToHexString(bytes.AsSpan(position, Math.Min(16, bytes.Length - position)));

    private void CustomSections()
    {
        foreach (Section section in _expected.Sections.Where(section => section.Id == 0 && section.Name is not ("name" or "linking")))
        {
            byte[] expected = _expected.Bytes[section.Start..section.End];
            // A missing one is a difference in section order already.
            int index = _actual.Sections.FindIndex(other => other.Id == 0 && other.Name == section.Name);
            if (index < 0)
                continue;
            byte[] actual = _actual.Bytes[_actual.Sections[index].Start.._actual.Sections[index].End];
            int same = expected.AsSpan().CommonPrefixLength(actual);
            if (same < expected.Length || same < actual.Length)
                Report(DifferenceKind.CustomSection, $"{section.Name} + {same} of {expected.Length}/{actual.Length}", Hex(expected, same), Hex(actual, same));
        }
    }
}
