using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;

namespace Weld.Linker.Inputs;

/// <summary>Stage 1, Inputs: finds and opens the files of the command line, takes archives apart, and parses objects.</summary>
/// <remarks>Counterpart in wasm-ld: LinkerDriver::createFiles. Opening goes in command line order; parsing is parallel.</remarks>
public sealed class InputLoader
{
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly LinkReports _reports;
    private readonly List<LinkInput> _inputs = [];
    private readonly List<int> _bitcode = [];
    private readonly Dictionary<string, MappedFile> _archivesByPath = [];
    private readonly Dictionary<string, Archive?> _nestedArchives = [];
    private bool _isWholeArchive;
    private bool _isInLib;
    private bool _isStatic;

    private InputLoader(LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        _options = options;
        _diagnostics = diagnostics;
        _isStatic = !options.IsPic;
        _reports = reports;
    }

    /// <summary>Loads all inputs of the command line.</summary>
    /// <returns>The objects and archive members in command line order.</returns>
    public static IReadOnlyList<LinkInput> Run(LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        var loader = new InputLoader(options, diagnostics, reports);
        foreach (InputArgument argument in options.Inputs)
            loader.Add(argument);
        BitcodeCompiler.Run(loader._inputs, loader._bitcode, options, diagnostics, reports);
        loader.Parse();
        return loader._inputs;
    }

    private void Add(InputArgument argument)
    {
        switch (argument.Kind)
        {
            case InputArgumentKind.File:
                AddFile(argument.Value);
                break;
            case InputArgumentKind.Library:
                AddLibrary(argument.Value);
                break;
            case InputArgumentKind.WholeArchive:
                _isWholeArchive = true;
                break;
            case InputArgumentKind.NoWholeArchive:
                _isWholeArchive = false;
                break;
            case InputArgumentKind.Bstatic:
                _isStatic = true;
                break;
            case InputArgumentKind.Bdynamic:
                _isStatic = false;
                break;
            case InputArgumentKind.StartLib:
                if (_isInLib)
                    _diagnostics.Add(InputErrors.StartLibNesting("nested --start-lib"));
                _isInLib = true;
                break;
            default:
                if (!_isInLib)
                    _diagnostics.Add(InputErrors.StartLibNesting("stray --end-lib"));
                _isInLib = false;
                break;
        }
    }

    private void AddLibrary(string name)
    {
        string? path = LibrarySearch.Find(name, _options.SearchPaths, _isStatic);
        if (path is null)
        {
            _diagnostics.Add(InputErrors.LibraryNotFound(name, _options.SearchPaths));
            return;
        }
        _reports.Log?.Write($"-l{name} is {path}");
        AddFile(path);
    }

    private void AddFile(string path)
    {
        MappedFile? file = TryOpen(path, out string? error);
        if (file is null)
        {
            _diagnostics.Add(InputErrors.CannotOpen(path, error!));
            return;
        }
        ReadOnlySpan<byte> start = file.Span(0, (int)Math.Min(file.Length, InputKindSniffer.BytesNeeded));
        switch (InputKindSniffer.Sniff(start))
        {
            case InputKind.Archive or InputKind.ThinArchive:
                AddArchive(file);
                break;
            case InputKind.WasmObject when SharedLibrary.IsShared(start):
                AddShared(file, path);
                break;
            case InputKind.WasmObject:
                AddObject(file, path, null, 0, file.Length, _isInLib);
                break;
            case InputKind.Bitcode:
                AddBitcode(file, path, null, 0, file.Length, _isInLib);
                break;
            case InputKind.Stub:
                AddStub(file, path);
                break;
            default:
                _diagnostics.Add(InputErrors.UnknownFileType(path, InputKindSniffer.Describe(start)));
                break;
        }
    }

    private unsafe void AddShared(MappedFile file, string path)
    {
        if (_isStatic)
        {
            _diagnostics.Add(InputErrors.StaticLinkOfShared(path));
            return;
        }
        var input = new InputFile(path, null, file.Pointer, (int)Math.Min(file.Length, int.MaxValue));
        if (InputErrors.TryRead(input, SharedLibrary.Read, _diagnostics) is SharedLibrary library)
            _inputs.Add(new LinkInput(input, isLazy: false) { Shared = library });
    }

    private unsafe void AddStub(MappedFile file, string path)
    {
        var input = new InputFile(path, null, file.Pointer, (int)Math.Min(file.Length, int.MaxValue));
        _inputs.Add(new LinkInput(input, isLazy: false) { Stub = StubLibrary.Read(input) });
    }

    private MappedFile? TryOpen(string path, out string? error)
    {
        MappedFile? file;
        using (_reports.Time("Open", path))
            file = OpenInMemory(path, out error) ?? MappedFile.TryOpen(path, out error);
        if (file is null)
            return null;
        _reports.Files.Add(file);
        _reports.Log?.Write($"reading {path}, {file.Length} bytes");
        return file;
    }

    private MappedFile? OpenInMemory(string path, out string? error)
    {
        error = null;
        return _options.MemoryFiles.TryGetValue(path, out ReadOnlyMemory<byte> bytes) ? MappedFile.FromBytes(path, bytes.Span) : null;
    }

    private void AddArchive(MappedFile file)
    {
        try
        {
            Archive archive = Archive.Read(file);
            foreach (ArchiveMember member in archive.Members)
                AddMember(archive, member);
        }
        catch (MalformedInputException e)
        {
            _diagnostics.Add(InputErrors.Malformed(file.Path, e));
        }
    }

    private void AddMember(Archive archive, ArchiveMember member)
    {
        MappedFile? file = archive.File;
        long offset = member.Offset;
        long length = member.Length;
        if (archive.IsThin && !TryFindThinMember(archive, member, out file, out offset, out length))
            return;
        ReadOnlySpan<byte> start = file!.Span(offset, (int)Math.Min(length, InputKindSniffer.BytesNeeded));
        string name = archive.IsThin ? Path.GetFileName(member.Name) : member.Name;
        switch (InputKindSniffer.Sniff(start))
        {
            case InputKind.WasmObject:
                AddObject(file, name, archive.File.Path, offset, length, !_isWholeArchive);
                break;
            case InputKind.Bitcode:
                AddBitcode(file, name, archive.File.Path, offset, length, !_isWholeArchive);
                break;
                // Metadata such as Rust's lib.rmeta lives beside the objects.
        }
    }

    private bool TryFindThinMember(Archive archive, ArchiveMember member, out MappedFile? file, out long offset, out long length)
    {
        string path = archive.GetPath(member);
        offset = 0;
        length = 0;
        if (!_archivesByPath.TryGetValue(path, out file))
        {
            file = TryOpen(path, out string? error);
            if (file is null)
            {
                _diagnostics.Add(InputErrors.CannotOpen(path, error!, $"a member of the thin archive {archive.File.Path}"));
                return false;
            }
            _archivesByPath.Add(path, file);
        }
        length = file.Length;
        if (member.NestedHeaderOffset == 0)
            return true;
        if (ReadNested(file) is not Archive nestedArchive)
            return false;
        if (nestedArchive.FindAt(member.NestedHeaderOffset) is not ArchiveMember nested)
        {
            _diagnostics.Add(InputErrors.CannotOpen(path, "no such archive member", $"a member of the thin archive {archive.File.Path}"));
            return false;
        }
        offset = nested.Offset;
        length = nested.Length;
        return true;
    }

    /// <summary>An archive within a thin archive; each is read once, though each of its members is listed.</summary>
    private Archive? ReadNested(MappedFile file)
    {
        if (_nestedArchives.TryGetValue(file.Path, out Archive? archive))
            return archive;
        try
        {
            archive = Archive.Read(file);
        }
        catch (MalformedInputException e)
        {
            _diagnostics.Add(InputErrors.Malformed(file.Path, e));
        }
        _nestedArchives.Add(file.Path, archive);
        return archive;
    }

    private unsafe void AddObject(MappedFile file, string name, string? archiveName, long offset, long length, bool isLazy)
    {
        var input = new InputFile(name, archiveName, file.Pointer + offset, (int)Math.Min(length, int.MaxValue));
        if (length > int.MaxValue)
            _diagnostics.Add(InputErrors.TooLarge(input.DisplayName, length));
        else
            _inputs.Add(new LinkInput(input, isLazy));
    }

    /// <summary>Adds what is an object once it is compiled.</summary>
    private void AddBitcode(MappedFile file, string name, string? archiveName, long offset, long length, bool isLazy)
    {
        int index = _inputs.Count;
        AddObject(file, name, archiveName, offset, length, isLazy);
        if (_inputs.Count != index)
            _bitcode.Add(index);
    }

    private void Parse()
    {
        var bags = new DiagnosticBag?[_inputs.Count];
        Workers.ForEach(_inputs.Count, _options.Threads, index =>
        {
            LinkInput input = _inputs[index];
            if (!input.IsObject)
                return;
            using TimeScope time = _reports.Times?.Begin("Parse", input.File.DisplayName) ?? default;
            var bag = new DiagnosticBag();
            if (input.IsLazy)
                input.LazySymbols = InputErrors.TryRead(input.File, LazySymbolReader.Read, bag) ?? [];
            else
                input.Object = InputErrors.TryRead(input.File, ObjectReader.Read, bag);
            if (bag.Diagnostics.Count != 0)
                bags[index] = bag;
        });
        foreach (DiagnosticBag? bag in bags)
            if (bag is not null)
                _diagnostics.AddRange(bag.Diagnostics);
    }
}
