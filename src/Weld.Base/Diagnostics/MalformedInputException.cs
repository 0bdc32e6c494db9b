namespace Weld.Base.Diagnostics;

/// <summary>Bytes that are not what their format says. Thrown by readers, caught in one place per input file.</summary>
public sealed class MalformedInputException : Exception
{
    public MalformedInputException()
    {
    }

    public MalformedInputException(string message)
        : base(message)
    {
    }

    public MalformedInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public MalformedInputException(string message, long offset)
        : base(message) => Offset = offset;

    /// <summary>Where in the file (or archive member) the bad bytes are, in bytes from its start.</summary>
    public long Offset { get; }
}
