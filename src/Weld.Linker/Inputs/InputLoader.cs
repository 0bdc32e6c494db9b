using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Reports;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>Stage 1, Inputs: finds and opens the files of the command line, takes archives apart, and parses objects.</summary>
/// <remarks>Counterpart in wasm-ld: LinkerDriver::createFiles. Opening goes in command line order; parsing is parallel, and usually
/// beside the beginning of <see cref="Resolution.ResolveSymbols"/>.</remarks>
public sealed class InputLoader
{
    // C++ has a name for each two or three kilobytes of an object, with debug information for each ten.
    private const int BytesPerName = 2048;
    private const int MostExpectedNames = 1 << 17;

    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly LinkReports _reports;
    private readonly List<LinkInput> _inputs = [];
    private readonly OpenedFile[] _opened;
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
        _opened = new OpenedFile[options.Inputs.Count];
    }

    /// <summary>Finds and opens all inputs of the command line. They are not parsed yet.</summary>
    /// <param name="options">Which inputs.</param>
    /// <param name="diagnostics">Receives what is wrong with them.</param>
    /// <param name="reports">Receives which files were opened, and times.</param>
    /// <param name="opened">Called with the size of all files in bytes.</param>
    /// <returns>The objects and archive members in command line order.</returns>
    public static LinkInputs Open(LinkOptions options, DiagnosticBag diagnostics, LinkReports reports, Action<long>? opened = null)
    {
        var loader = new InputLoader(options, diagnostics, reports);
        loader.OpenFiles();
        for (int i = 0; i < options.Inputs.Count; i++)
            loader.Add(i);
        long size = reports.Files.Sum(static file => file.Length);
        opened?.Invoke(size);
        BitcodeCompiler.Run(loader._inputs, loader._bitcode, options, diagnostics, reports);
        return new LinkInputs(loader._inputs, new NameTable((int)Math.Min(size / BytesPerName, MostExpectedNames)));
    }

    /// <summary>Parses all inputs.</summary>
    public static void Parse(LinkInputs inputs, LinkOptions options, DiagnosticBag diagnostics, LinkReports reports)
    {
        var parser = new InputParser(inputs, reports);
        Workers.ForEach(inputs.Count, options.Threads, index => parser.Parse(inputs[index]));
        InputParser.Report(inputs, diagnostics);
    }

    /// <summary>A file that was opened, or why it could not be.</summary>
    private readonly record struct OpenedFile(MappedFile? File, IReadOnlyList<Diagnostic> Problems, InputKind Kind, Archive? Archive, MalformedInputException? Damage);

    /// <summary>Opens what the command line names by path, in parallel: with thousands of objects, that takes its time.</summary>
    private void OpenFiles() => Workers.ForEach(_opened.Length, _options.Threads, index =>
    {
        if (_options.Inputs[index].Kind == InputArgumentKind.File)
            _opened[index] = Open(_options.Inputs[index].Value);
    });

    private void Add(int index)
    {
        InputArgument argument = _options.Inputs[index];
        switch (argument.Kind)
        {
            case InputArgumentKind.File:
                AddFile(argument.Value, _opened[index]);
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
        AddFile(path, Open(path));
    }

    private void AddFile(string path, OpenedFile opened)
    {
        if (opened.File is not MappedFile file)
        {
            _diagnostics.AddRange(opened.Problems);
            return;
        }
        NoteFile(file);
        ReadOnlySpan<byte> start = StartOf(file);
        switch (opened.Kind)
        {
            case InputKind.Archive or InputKind.ThinArchive:
                AddArchive(opened);
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

    /// <summary>Opens a file and finds out what it is: that is when its first page is read.</summary>
    private OpenedFile Open(string path)
    {
        using TimeScope time = _reports.Time("Open", path);
        if (OpenOnly(path, out IReadOnlyList<Diagnostic> problems) is not MappedFile file)
            return new OpenedFile(null, problems, default, null, null);
        InputKind kind = InputKindSniffer.Sniff(StartOf(file));
        if (kind is not (InputKind.Archive or InputKind.ThinArchive))
            return new OpenedFile(file, [], kind, null, null);
        try
        {
            return new OpenedFile(file, [], kind, Archive.Read(file), null);
        }
        catch (MalformedInputException e)
        {
            return new OpenedFile(file, [], kind, null, e);
        }
    }

    private MappedFile? OpenOnly(string path, out IReadOnlyList<Diagnostic> problems, params ReadOnlySpan<string> details)
    {
        if (_options.MemoryFiles.TryGetValue(path, out MemoryFile? memory))
        {
            var diagnostics = new DiagnosticBag();
            problems = diagnostics.Diagnostics;
            return memory.Read(diagnostics) is { } bytes ? MappedFile.FromMemory(path, memory, bytes) : null;
        }
        MappedFile? file = MappedFile.TryOpen(path, out string? error);
        problems = file is null ? [InputErrors.CannotOpen(path, error!, details)] : [];
        return file;
    }

    private static ReadOnlySpan<byte> StartOf(MappedFile file) => file.Span(0, (int)Math.Min(file.Length, InputKindSniffer.BytesNeeded));

    private void NoteFile(MappedFile file)
    {
        _reports.Files.Add(file);
        _reports.Log?.Write($"reading {file.Path}, {file.Length} bytes");
    }

    private void AddArchive(OpenedFile opened)
    {
        if (opened.Archive is not Archive archive)
        {
            _diagnostics.Add(InputErrors.Malformed(opened.File!.Path, opened.Damage!));
            return;
        }
        foreach (ArchiveMember member in archive.Members)
            AddMember(archive, member);
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
            file = OpenOnly(path, out IReadOnlyList<Diagnostic> problems, $"a member of the thin archive {archive.File.Path}");
            if (file is null)
            {
                _diagnostics.AddRange(problems);
                return false;
            }
            NoteFile(file);
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
        var input = new InputFile(name, archiveName, file.Pointer + offset, (int)Math.Min(length, int.MaxValue)) { MayShortenCode = file.MayShortenCode };
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
}
