using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Options;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using Weld.Wasm.Validation;

namespace Weld.Linker.Image;

/// <summary>Stage 5, Image: the bytes of the output. Every byte is written once, into its final place.</summary>
/// <remarks>The sizes of all sections are known before anything is written, so that pieces of code, data and custom
/// sections are copied and relocated in parallel. Counterpart in wasm-ld: OutputSections.cpp.</remarks>
public sealed unsafe partial class ImageWriter
{
    private const long PieceSize = 64 * 1024;

    // Below, one buffer for all and one write take less time.
    private const long SmallestInPieces = 4 * PieceSize;

    private readonly OutputPlan _plan;
    private readonly DiagnosticBag _diagnostics;
    private readonly CodeLayout _code;
    private readonly DataLayout _data;
    private readonly List<PlacedSection> _sections = [];
    private readonly List<Piece> _pieces = [];
    private readonly Lazy<CodeContext> _codeContext;
    private readonly Lazy<KnownSymbols> _knownSymbols;
    private readonly VerifiedBodies? _verifiedBodies;
    private readonly ImagePart _part;
    private long _size = ModuleHeader.Size;
    private long _buildIdOffset = -1;

    private ImageWriter(OutputPlan plan, DiagnosticBag diagnostics, ImagePart part)
    {
        _plan = plan;
        _part = part;
        _diagnostics = diagnostics;
        _code = CodeLayout.Make(plan);
        _data = DataLayout.Make(plan);
        _codeContext = new Lazy<CodeContext>(() => BodyVerifier.MakeContext(plan));
        _knownSymbols = new Lazy<KnownSymbols>(() => new KnownSymbols(plan, _code));
        // Of what is replaced by another object's, garbage collection keeps nothing.
        _verifiedBodies = Verifies && !plan.Options.GcSections ? new VerifiedBodies(plan.Program.Symbols.Count) : null;
    }

    /// <summary>Writes part of the image.</summary>
    private delegate void PieceWriter(byte* image, Scratch scratch);

    /// <summary>A section with its head (id, size, and the name of a custom section), the size of what follows, and what of that is not in pieces: all or
    /// the beginning.</summary>
    private readonly record struct PlacedSection(byte[] Head, long Offset, long ContentsSize, ReadOnlyMemory<byte> Contents);

    /// <summary>A part of the image: its place in the file, and what writes it.</summary>
    private readonly record struct Piece(long Offset, long Size, PieceWriter Write);

    /// <summary>What a thread keeps from piece to piece.</summary>
    private sealed class Scratch(ImageWriter writer)
    {
        private byte[] _buffer = [];

        public RelocationValues Values { get; } = new(writer._plan, writer._code, writer._knownSymbols);

        /// <summary>What checks function bodies; null where that is not wanted.</summary>
        public BodyVerifier? Verifier => field ??= writer.Verifies ? new BodyVerifier(writer._plan, writer._codeContext.Value, writer._verifiedBodies) : null;

        /// <summary>Memory for a piece, at an address that stays.</summary>
        public byte[] Buffer(long size)
        {
            if (_buffer.Length < size)
                _buffer = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(size, PieceSize + (PieceSize / 2))), pinned: true);
            return _buffer;
        }
    }

    /// <summary>The size of the whole output in bytes.</summary>
    public long Size => _size;

    /// <summary>The sections in file order.</summary>
    public IEnumerable<ImageSection> Sections => _sections.Select(section => ImageSection.Make(section.Head, section.Offset, section.ContentsSize));

    public CodeLayout Code => _code;

    public DataLayout Data => _data;

    /// <summary>Plans the image; nothing is written yet.</summary>
    public static ImageWriter Prepare(OutputPlan plan, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var writer = new ImageWriter(plan, diagnostics, plan.Options.SeparateDebugFile is null ? ImagePart.All : ImagePart.WithoutDebug);
        writer.AddSections();
        return writer;
    }

    /// <summary>Plans the module that has only the debug information, for <c>--separate-debug-file</c>.</summary>
    public static ImageWriter PrepareDebug(OutputPlan plan, DiagnosticBag diagnostics)
    {
        var writer = new ImageWriter(plan, diagnostics, ImagePart.DebugOnly);
        // No names: tools compare them with the functions of the module, which has none.
        writer.AddDebugSections();
        writer.AddBuildId();
        return writer;
    }

    /// <summary>The bytes of the build id in an image that is written.</summary>
    public ReadOnlySpan<byte> BuildIdIn(byte* image) => new(image + _buildIdOffset, BuildId.Size(Options.BuildId, Options.BuildIdBytes));

    /// <summary>Gives the image another's build id.</summary>
    public void CopyBuildId(byte* image, ReadOnlySpan<byte> buildId) => buildId.CopyTo(new Span<byte>(image + _buildIdOffset, buildId.Length));

    /// <summary>Whether the image is better written piece by piece: it is large, and nothing has to be computed from all of it.</summary>
    public bool IsInPieces => _size >= SmallestInPieces && _buildIdOffset < 0;

    /// <summary>Writes everything.</summary>
    public void Write(AtomicOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        byte* image = output.Pointer;
        WriteSmallParts(output);
        var bags = new DiagnosticBag?[_pieces.Count];
        Workers.ForEach(_pieces.Count, _plan.Options.Threads, () => new Scratch(this), (scratch, index) =>
        {
            Piece piece = _pieces[index];
            if (output.IsInPieces)
            {
                byte[] buffer = scratch.Buffer(piece.Size);
                fixed (byte* start = buffer)
                    piece.Write(start - piece.Offset, scratch);
                output.Write(piece.Offset, buffer.AsSpan(0, (int)piece.Size));
            }
            else
            {
                piece.Write(image, scratch);
            }
            bags[index] = scratch.Values.TakeDiagnostics();
        });
        foreach (DiagnosticBag? bag in bags)
            if (bag is not null)
                _diagnostics.AddRange(bag.Diagnostics);
        if (_buildIdOffset >= 0 && _size <= int.MaxValue)
            BuildId.Write(_plan.Options.BuildId, _plan.Options.BuildIdBytes, new Span<byte>(image, (int)_size), (int)_buildIdOffset);
    }

    /// <summary>The header, the heads of all sections, and the sections that are made in one go.</summary>
    private void WriteSmallParts(AtomicOutput output)
    {
        Put(output, 0, ModuleHeader.Bytes);
        foreach (PlacedSection section in _sections)
        {
            Put(output, section.Offset, section.Head);
            Put(output, section.Offset + section.Head.Length, section.Contents.Span);
        }
    }

    private static void Put(AtomicOutput output, long offset, ReadOnlySpan<byte> bytes)
    {
        if (output.IsInPieces)
            output.Write(offset, bytes);
        else
            bytes.CopyTo(output.Span(offset, bytes.Length));
    }

    private LinkOptions Options => _plan.Options;

    private bool Verifies => Options.VerifyCode && !Options.Relocatable;

    private void AddSections()
    {
        if (_plan.Dylink is DylinkSection dylink)
            AddDylink(dylink);
        Add(SectionId.Type, _plan.Types.Count != 0, writer => TypeSection.Write(writer, [.. _plan.Types]));
        Add(SectionId.Import, _plan.Imports.Count != 0, WriteImports);
        Add(SectionId.Function, _plan.Functions.Count != 0, WriteFunctions);
        Add(SectionId.Table, _plan.Tables.Count != 0, writer => TableSection.Write(writer, [.. _plan.Tables]));
        Add(SectionId.Memory, Options.MemoryImport is null, writer => MemorySection.Write(writer, [_plan.Memory]));
        Add(SectionId.Tag, _plan.Tags.Count != 0, writer => TagSection.Write(writer, [.. _plan.Tags]));
        Add(SectionId.Global, _plan.Globals.Count != 0, WriteGlobals);
        Add(SectionId.Export, _plan.Exports.Count != 0, writer => ExportSection.Write(writer, [.. _plan.Exports]));
        Add(SectionId.Start, _plan.StartFunction is not null, writer => StartSection.Write(writer, _plan.StartFunction!.Value));
        Add(SectionId.Element, _plan.Elements.Count != 0, WriteElements);
        Add(SectionId.DataCount, _plan.Data.IsPassive && !_data.Segments.IsEmpty, writer => DataCountSection.Write(writer, (uint)_data.Segments.Length));
        int codeSection = _sections.Count;
        AddCode();
        int dataSection = _sections.Count;
        AddData();
        int firstCustom = _sections.Count;
        foreach (OutputCustomSection section in _plan.CustomSections)
            if (_part == ImagePart.All || !IsDebug(section))
                AddCustom(section);
        List<NameSectionBuilder.Part>? names = null;
        if (Options.Relocatable || Options.EmitRelocs)
        {
            RelocatableOutput output = null!;
            // Each has a part that one thread does.
            Workers.Both(Options.Threads, () => output = RelocatableOutput.Make(_plan, _code, _data, firstCustom), () => names = MakeNames());
            AddRelocations(output, codeSection, dataSection, firstCustom);
        }
        else
        {
            names = MakeNames();
        }
        if (names is not null)
            AddNames(names);
        AddProducers();
        AddFeatures();
        if (_part == ImagePart.WithoutDebug)
            AddDebugReference();
        AddBuildId();
    }

    private static bool IsDebug(OutputCustomSection section) => section.Name.StartsWith(".debug_"u8);

    private void AddDebugSections()
    {
        foreach (OutputCustomSection section in _plan.CustomSections)
            if (IsDebug(section))
                AddCustom(section);
    }

    /// <summary>Where debuggers find what this module lacks.</summary>
    /// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Debugging.md: a URL, relative to the module's.</remarks>
    private void AddDebugReference()
    {
        var writer = new WasmWriter();
        writer.WriteName(Path.GetFileName(Options.SeparateDebugFile!));
        AddCustom("external_debug_info"u8, writer);
    }

    private void Add(SectionId id, bool isNeeded, Action<WasmWriter> write)
    {
        if (!isNeeded)
            return;
        var contents = new WasmWriter(1024);
        write(contents);
        Place(MakeHead(id, contents.Length), contents.Length, contents.ToArray());
    }

    private void WriteImports(WasmWriter writer)
    {
        var imports = new Import[_plan.Imports.Count];
        for (int i = 0; i < imports.Length; i++)
            imports[i] = _plan.Imports[i].Import;
        ImportSection.Write(writer, imports);
    }

    private void WriteFunctions(WasmWriter writer)
    {
        var types = new uint[_plan.Functions.Count];
        for (int i = 0; i < types.Length; i++)
            types[i] = _plan.TypeOf(_plan.Functions[i]);
        FunctionSection.Write(writer, types);
    }

    private void WriteGlobals(WasmWriter writer)
    {
        var globals = new Global[_plan.Globals.Count];
        for (int i = 0; i < globals.Length; i++)
            globals[i] = _plan.Globals[i].Global;
        GlobalSection.Write(writer, globals);
    }

    private void WriteElements(WasmWriter writer)
    {
        var offset = new WasmWriter(16);
        if (_plan.Program.LinkerSymbols.TableBase is { IsNone: false } tableBase)
            ConstantExpression.WriteGlobalPlus(offset, _plan.Targets[tableBase.Index].Index, 0, Options.Is64 == true);
        else
            ConstantExpression.WriteAddress(offset, Options.TableBase, Options.Is64 == true);
        ElementSection.Write(writer, _plan.ElementTable, offset.Written, [.. _plan.Elements]);
    }

    // ── custom sections that the linker makes ──

    private void AddDylink(DylinkSection dylink)
    {
        var writer = new WasmWriter();
        dylink.Write(writer);
        AddCustom(DylinkSection.Name, writer);
    }

    /// <summary>The linking section, and the relocations of code, data and custom sections.</summary>
    private void AddRelocations(RelocatableOutput output, int codeSection, int dataSection, int firstCustom)
    {
        AddCustom(LinkingSection.Name, output.Linking);
        AddRelocations("reloc.CODE"u8, codeSection, output.CodeRelocations);
        AddRelocations("reloc.DATA"u8, dataSection, output.DataRelocations);
        for (int i = 0; i < _plan.CustomSections.Count; i++)
            AddRelocations([.. "reloc."u8, .. _plan.CustomSections[i].Name.Bytes], firstCustom + i, output.CustomRelocations[i]);
    }

    /// <param name="name">The section's name.</param>
    /// <param name="target">The number of the section that the relocations are for.</param>
    /// <param name="entries">The relocations.</param>
    private void AddRelocations(ReadOnlySpan<byte> name, int target, EntryParts entries)
    {
        if (entries.Count == 0)
            return;
        var start = new WasmWriter(16);
        start.WriteLebU32((uint)target);
        start.WriteLebU32(entries.Count);
        AddCustom(name, [start, .. entries.Parts]);
    }

    private List<NameSectionBuilder.Part>? MakeNames() => Options.Keeps("name") ? NameSectionBuilder.Build(_plan) : null;

    private void AddNames(List<NameSectionBuilder.Part> parts)
    {
        long size = parts.Sum(static part => part.Size);
        long offset = Place(MakeHead(NameSection.Name, size), size, default);
        foreach (NameSectionBuilder.Part part in parts)
        {
            long start = offset;
            _pieces.Add(new Piece(start, part.Size, (image, _) => part.Write(new Span<byte>(image + start, checked((int)part.Size)))));
            offset += part.Size;
        }
    }

    private void AddProducers()
    {
        if (!Options.Keeps("producers"))
            return;
        var producers = new ProducersSection();
        ReadOnlySpan<byte> previous = default;
        foreach (LinkedObject owner in _plan.Program.Objects)
            foreach (ref readonly InputCustomSection section in owner.Object.CustomSections.AsSpan())
            {
                if (!section.Name.Equals(ProducersSection.Name))
                    continue;
                // Those of one compiler are the same in each object.
                ReadOnlySpan<byte> contents = owner.Object.Slice(section.Offset, section.Size);
                if (contents.SequenceEqual(previous))
                    continue;
                previous = contents;
                MergeProducers(producers, owner, section);
            }
        if (producers.IsEmpty)
            return;
        var writer = new WasmWriter();
        producers.Write(writer);
        AddCustom(ProducersSection.Name, writer);
    }

    private void MergeProducers(ProducersSection producers, LinkedObject owner, InputCustomSection section)
    {
        InputErrors.TryRead<object>(owner.Object.File, _ =>
        {
            var reader = new WasmReader(owner.Object.Slice(section.Offset, section.Size), section.Offset);
            producers.Merge(ref reader);
            return producers;
        }, _diagnostics);
    }

    private void AddFeatures()
    {
        if (!Options.Keeps("target_features") || _plan.Features.Count == 0)
            return;
        var writer = new WasmWriter();
        TargetFeaturesSection.Write(writer, _plan.Features);
        AddCustom(TargetFeaturesSection.Name, writer);
    }

    private void AddBuildId()
    {
        int size = BuildId.Size(Options.BuildId, Options.BuildIdBytes);
        if (Options.BuildId == BuildIdKind.None)
            return;
        var writer = new WasmWriter();
        writer.WriteLebU32((uint)size);
        writer.WriteBytes(new byte[size]);
        AddCustom("build_id"u8, writer);
        _buildIdOffset = _size - size;
    }

    private void AddCustom(ReadOnlySpan<byte> name, WasmWriter contents)
    {
        byte[] bytes = contents.ToArray();
        Place(MakeHead(name, bytes.Length), bytes.Length, bytes);
    }

    /// <summary>A section in parts that follow each other. Several small ones are written at once.</summary>
    private void AddCustom(ReadOnlySpan<byte> name, List<WasmWriter> parts)
    {
        long size = 0;
        foreach (WasmWriter part in parts)
            size += part.Length;
        long start = Place(MakeHead(name, size), size, default);
        for (int first = 0; first < parts.Count;)
        {
            int from = first;
            long offset = start;
            do
                start += parts[first++].Length;
            while (first < parts.Count && start - offset + parts[first].Length <= PieceSize);
            int count = first - from;
            if (start != offset)
                _pieces.Add(new Piece(offset, start - offset, (image, _) => Copy(parts.GetRange(from, count), image + offset)));
        }
    }

    private static void Copy(List<WasmWriter> parts, byte* destination)
    {
        foreach (WasmWriter part in parts)
        {
            part.Written.CopyTo(new Span<byte>(destination, part.Length));
            destination += part.Length;
        }
    }

    // ── placing ──

    private static byte[] MakeHead(SectionId id, long contentsSize)
    {
        var head = new WasmWriter(8);
        head.WriteByte((byte)id);
        head.WriteLebU64((ulong)contentsSize);
        return head.ToArray();
    }

    private static byte[] MakeHead(ReadOnlySpan<byte> customName, long contentsSize)
    {
        var head = new WasmWriter(16 + customName.Length);
        head.WriteByte((byte)SectionId.Custom);
        head.WriteLebU64((ulong)(CustomSection.NameSize(customName) + contentsSize));
        head.WriteName(customName);
        return head.ToArray();
    }

    /// <returns>Where the contents start in the file.</returns>
    private long Place(byte[] head, long contentsSize, ReadOnlyMemory<byte> contents)
    {
        if (contentsSize > uint.MaxValue - 64)
            _diagnostics.Add(PlanErrors.OutputTooLarge(((SectionId)head[0]).ToString(), contentsSize));
        _sections.Add(new PlacedSection(head, _size, contentsSize, contents));
        long start = _size + head.Length;
        _size = start + contentsSize;
        return start;
    }
}
