using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>A tool and its version.</summary>
public readonly record struct Producer(Utf8String Name, Utf8String Version);

/// <summary>The "producers" custom section: which languages, tools and SDKs made the module.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md</remarks>
public sealed class ProducersSection
{
    private static readonly string[] Fields = ["language", "processed-by", "sdk"];
    private readonly List<Producer>[] _producers = [[], [], []];
    private readonly HashSet<Utf8String>[] _names = [[], [], []];

    public static ReadOnlySpan<byte> Name => "producers"u8;

    public bool IsEmpty => _producers.All(static list => list.Count == 0);

    /// <summary>Reads a section and adds what is not there yet: of each name, the first version stays.</summary>
    public void Merge(ref WasmReader reader)
    {
        int seen = 0;
        for (int left = reader.ReadCount("producers field", minimumSize: 2); left > 0; left--)
        {
            long offset = reader.FileOffset;
            ReadOnlySpan<byte> name = reader.ReadName();
            int field = IndexOfField(name);
            if (field < 0)
                throw new MalformedInputException("producers section field is not named one of language, processed-by, or sdk", offset);
            if ((seen & 1 << field) != 0)
                throw new MalformedInputException("producers section does not have unique fields", offset);
            seen |= 1 << field;
            MergeField(ref reader, _producers[field], _names[field]);
        }
    }

    public void Write(WasmWriter writer)
    {
        writer.WriteLebU32((uint)_producers.Count(static list => list.Count != 0));
        for (int field = 0; field < Fields.Length; field++)
        {
            List<Producer> producers = _producers[field];
            if (producers.Count == 0)
                continue;
            writer.WriteName(Fields[field]);
            writer.WriteLebU32((uint)producers.Count);
            foreach (Producer producer in producers)
            {
                writer.WriteName(producer.Name.Bytes);
                writer.WriteName(producer.Version.Bytes);
            }
        }
    }

    private static int IndexOfField(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("language"u8) ? 0 : name.SequenceEqual("processed-by"u8) ? 1 : name.SequenceEqual("sdk"u8) ? 2 : -1;

    private static void MergeField(ref WasmReader reader, List<Producer> producers, HashSet<Utf8String> names)
    {
        for (int left = reader.ReadCount("producer", minimumSize: 2); left > 0; left--)
        {
            Utf8String name = Utf8String.FromPinned(reader.ReadName());
            Utf8String version = Utf8String.FromPinned(reader.ReadName());
            if (names.Add(name))
                producers.Add(new Producer(name, version));
        }
    }
}
